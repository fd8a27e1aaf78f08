-- Settled alerts, and lists of what was erased together, go once their days are over (usecases/retention/expire-records.ts).
GRANT DELETE ON alert, erasure, erasure_item TO switchback_app;
