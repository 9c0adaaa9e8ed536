SELECT * FROM asset_rows WHERE "assetId" = $<assetId> AND "userId" = $<userId>
