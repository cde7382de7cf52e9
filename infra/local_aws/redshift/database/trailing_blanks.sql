-- Trailing blanks of CHAR and VARCHAR mean nothing in comparisons, but they are kept, and LIKE and LENGTH see them.
-- PostgreSQL compares so for CHAR only, though it stores CHAR and text alike. So text gets CHAR's comparisons here, in
-- this database: its operators, and what sorts, groups, joins and indexes it. See docs/adr/0037.
-- Source: https://docs.aws.amazon.com/redshift/latest/dg/r_Character_types.html (significance of trailing blanks)
UPDATE pg_catalog.pg_operator o SET oprcode = b.oprcode FROM pg_catalog.pg_operator b
WHERE o.oprleft = 'text'::regtype AND o.oprright = 'text'::regtype AND o.oprname IN ('=', '<>', '<', '<=', '>', '>=')
  AND b.oprleft = 'bpchar'::regtype AND b.oprright = 'bpchar'::regtype AND b.oprname = o.oprname
  AND o.oprcode <> b.oprcode;
UPDATE pg_catalog.pg_amproc t SET amproc = b.amproc
FROM pg_catalog.pg_opclass tc, pg_catalog.pg_opclass bc, pg_catalog.pg_amproc b
WHERE tc.opcname = 'text_ops' AND bc.opcname = 'bpchar_ops' AND tc.opcmethod = bc.opcmethod
  AND tc.opcmethod IN (SELECT oid FROM pg_catalog.pg_am WHERE amname IN ('btree', 'hash'))
  AND t.amprocfamily = tc.opcfamily AND t.amproclefttype = 'text'::regtype AND t.amprocrighttype = 'text'::regtype
  AND b.amprocfamily = bc.opcfamily AND b.amproclefttype = 'bpchar'::regtype AND b.amprocrighttype = 'bpchar'::regtype
  AND b.amprocnum = t.amprocnum AND t.amproc <> b.amproc;
-- PostgreSQL turns a pattern without wildcards into an equality, if there is an index: LIKE would then lose the blanks.
UPDATE pg_catalog.pg_proc SET prosupport = 0
WHERE oid IN ('textlike'::regproc, 'texticlike'::regproc, 'textregexeq'::regproc, 'texticregexeq'::regproc)
  AND prosupport <> 0;
