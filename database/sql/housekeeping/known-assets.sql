SELECT asset_id AS "assetId" FROM assets WHERE asset_id = ANY ($<assetIds>::text[])
