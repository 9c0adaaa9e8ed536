SELECT "objectKey", bytes, sha256 FROM asset_rows WHERE "assetId" = $<assetId>
