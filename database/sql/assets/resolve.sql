SELECT "assetId", sha256, bytes, "objectKey", facts FROM asset_rows
WHERE "projectId" = $<projectId> AND "assetId" = ANY ($<assetIds>::text[]) AND status = 'ready'
