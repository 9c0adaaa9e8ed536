import pgPromise from 'pg-promise';
import { databaseError } from './database-error.ts';
import type { Question } from './question.ts';

/** Values of the named parameters of a question. */
type Values = Readonly<Record<string, unknown>>;

/** Where questions are asked: the pool, or one transaction. A row's type is what its SQL file promises. */
export type Session = {
  all<Row>(question: Question, values: Values): Promise<readonly Row[]>;
  /** Null where there is no row. */
  first<Row>(question: Question, values: Values): Promise<Row | null>;
  /** The number of rows that were changed. */
  change(question: Question, values: Values): Promise<number>;
};

/** A question with its values. */
type Asked = readonly [Question, Values];

/** The pool of connections; also opens transactions. */
export type Pool = Session & {
  /**
   * Asks one question after the other in one transaction and one journey: by `transaction` each of them is a journey, and
   * so are its begin and its end. Returns the number of rows that each found or changed.
   */
  changeAll(name: string, asked: readonly Asked[]): Promise<readonly number[]>;
  /** Committed when `work` resolves, rolled back when it throws. The name is for errors. */
  transaction<Result>(name: string, work: (session: Session) => Promise<Result>): Promise<Result>;
};

export function createPool(database: pgPromise.IDatabase<object>): Pool {
  return {
    ...createSession(database),
    changeAll: (name, asked) =>
      atBorder(name, async () => {
        const statements = asked.map(([{ file }, values]) => pgPromise.as.format(file, values));
        // The server takes statements that come together as one transaction.
        const results = await database.multiResult(statements.join(';'));
        return results.map(({ rowCount }) => rowCount);
      }),
    transaction: (name, work) =>
      atBorder(name, () => database.tx((transaction) => work(createSession(transaction)))),
  };
}

function createSession(protocol: pgPromise.IBaseProtocol<object>): Session {
  return {
    all: <Row>({ name, file }: Question, values: Values) =>
      atBorder(name, () => protocol.manyOrNone<Row>(file, values)),
    first: <Row>({ name, file }: Question, values: Values) =>
      atBorder(name, () => protocol.oneOrNone<Row>(file, values)),
    change: ({ name, file }, values) =>
      atBorder(name, async () => (await protocol.result(file, values)).rowCount),
  };
}

async function atBorder<Result>(name: string, ask: () => Promise<Result>): Promise<Result> {
  try {
    return await ask();
  } catch (error) {
    throw databaseError(error, name);
  }
}
