INSERT INTO assets (asset_id, user_id, project_id, name, object_key, bytes, sha256)
VALUES ($<assetId>, $<userId>, $<projectId>, $<name>, $<objectKey>, $<bytes>, $<sha256>)
