UPDATE assets SET status = 'refused', error = $<reason> WHERE asset_id = $<assetId> AND status = 'processing'
