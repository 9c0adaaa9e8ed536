UPDATE assets SET status = 'ready', facts = $<facts:json>
WHERE asset_id = $<assetId> AND status = 'processing'
