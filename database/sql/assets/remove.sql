DELETE FROM assets WHERE asset_id = $<assetId> AND user_id = $<userId>
