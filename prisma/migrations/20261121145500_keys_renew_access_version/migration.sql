-- What the schema language can't say.

-- Keys themselves are kept under their team's version too, so whatever changes one renews it. A new key needs nothing:
-- what isn't known is always asked for. Whoever changes keys takes the team's row last, after members and keys.
CREATE TRIGGER "api_keys_updated" AFTER UPDATE ON "api_keys" REFERENCING OLD TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION "renew_access_version"();
CREATE TRIGGER "api_keys_deleted" AFTER DELETE ON "api_keys" REFERENCING OLD TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION "renew_access_version"();
