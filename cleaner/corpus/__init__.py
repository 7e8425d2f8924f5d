"""Data sets: folders of shards, each of many articles, checked by the evidence of all, shard by shard, so that a run can go on where one ended."""
