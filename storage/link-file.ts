import { constants } from 'node:fs';
import { copyFile, link } from 'node:fs/promises';
import { errorCode } from './store-error.ts';

/** What file systems answer that cannot link, or have linked a file too often. */
const NO_LINK_CODES = new Set(['EXDEV', 'EPERM', 'EMLINK', 'ENOTSUP', 'EOPNOTSUPP']);

/** Gives a file a second name, or copies it where that cannot be done. The target must not exist. */
export async function linkOrCopy(from: string, to: string): Promise<void> {
  try {
    await link(from, to);
  } catch (error) {
    if (!NO_LINK_CODES.has(errorCode(error))) throw error;
    await copyFile(from, to, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);
  }
}
