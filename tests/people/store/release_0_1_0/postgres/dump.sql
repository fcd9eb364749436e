--
-- PostgreSQL database dump
--

\restrict vqkSQ4CruRzyiHjS46Wde96Keh5VoxrV1ORY91w6GiHHUn2rcvAMB2oMId5oa3s

-- Dumped from database version 15.18 (Debian 15.18-0+deb12u1)
-- Dumped by pg_dump version 15.18 (Debian 15.18-0+deb12u1)

SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;

--
-- Name: audit_refuse(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.audit_refuse() RETURNS trigger
    LANGUAGE plpgsql
    AS $$ BEGIN RAISE EXCEPTION 'rows of audit are only ever added' USING ERRCODE = 'integrity_constraint_violation'; END $$;


--
-- Name: ratings_refuse(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.ratings_refuse() RETURNS trigger
    LANGUAGE plpgsql
    AS $$ BEGIN RAISE EXCEPTION 'rows of ratings are only ever added' USING ERRCODE = 'integrity_constraint_violation'; END $$;


SET default_tablespace = '';

SET default_table_access_method = heap;

--
-- Name: alembic_version; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.alembic_version (
    version_num character varying(32) NOT NULL
);


--
-- Name: audit; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.audit (
    number integer NOT NULL,
    at timestamp with time zone NOT NULL,
    who character varying(32),
    what character varying(60) NOT NULL,
    study_id character varying(32),
    details json NOT NULL,
    digest character varying(64) NOT NULL
);


--
-- Name: audit_number_seq; Type: SEQUENCE; Schema: public; Owner: -
--

CREATE SEQUENCE public.audit_number_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;


--
-- Name: audit_number_seq; Type: SEQUENCE OWNED BY; Schema: public; Owner: -
--

ALTER SEQUENCE public.audit_number_seq OWNED BY public.audit.number;


--
-- Name: invitations; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.invitations (
    digest character varying(64) NOT NULL,
    name character varying(200) NOT NULL,
    email character varying(320),
    roles character varying(60) NOT NULL,
    study_id character varying(32),
    invited_by character varying(32) NOT NULL,
    created_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    used_at timestamp with time zone,
    used_by character varying(32)
);


--
-- Name: items; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.items (
    id character varying(32) NOT NULL,
    study_id character varying(32) NOT NULL,
    person_id character varying(32) NOT NULL,
    photo_id character varying(32) NOT NULL,
    kind character varying(12) NOT NULL,
    "position" integer NOT NULL,
    shown_at timestamp with time zone,
    cancelled_at timestamp with time zone,
    CONSTRAINT ck_items_kind CHECK (((kind)::text = ANY ((ARRAY['ordinary'::character varying, 'golden'::character varying, 'repeat'::character varying, 'calibration'::character varying, 'adjudication'::character varying])::text[])))
);


--
-- Name: persons; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.persons (
    id character varying(32) NOT NULL,
    name character varying(200) NOT NULL,
    email character varying(320),
    roles character varying(60) NOT NULL,
    issuer character varying(500),
    subject character varying(500),
    password text,
    active boolean NOT NULL,
    created_at timestamp with time zone NOT NULL
);


--
-- Name: ratings; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.ratings (
    number integer NOT NULL,
    key character varying(64) NOT NULL,
    item_id character varying(32) NOT NULL,
    study_id character varying(32) NOT NULL,
    person_id character varying(32) NOT NULL,
    photo_id character varying(32) NOT NULL,
    kind character varying(12) NOT NULL,
    grade double precision,
    reason character varying(500),
    marks json,
    corrects character varying(64),
    shown_at timestamp with time zone NOT NULL,
    answered_at timestamp with time zone NOT NULL,
    received_at timestamp with time zone NOT NULL,
    "position" integer NOT NULL,
    instrument_version character varying(32) NOT NULL,
    seed integer NOT NULL,
    CONSTRAINT ck_ratings_grade CHECK ((((kind)::text = 'grade'::text) = (grade IS NOT NULL))),
    CONSTRAINT ck_ratings_kind CHECK (((kind)::text = ANY ((ARRAY['grade'::character varying, 'cannot'::character varying, 'undone'::character varying])::text[])))
);


--
-- Name: ratings_number_seq; Type: SEQUENCE; Schema: public; Owner: -
--

CREATE SEQUENCE public.ratings_number_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;


--
-- Name: ratings_number_seq; Type: SEQUENCE OWNED BY; Schema: public; Owner: -
--

ALTER SEQUENCE public.ratings_number_seq OWNED BY public.ratings.number;


--
-- Name: sign_ins; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.sign_ins (
    digest character varying(64) NOT NULL,
    person_id character varying(32) NOT NULL,
    csrf character varying(64) NOT NULL,
    created_at timestamp with time zone NOT NULL,
    seen_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL
);


--
-- Name: studies; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.studies (
    id character varying(32) NOT NULL,
    name character varying(200) NOT NULL,
    scale character varying(60) NOT NULL,
    instrument json NOT NULL,
    instrument_version character varying(32) NOT NULL,
    seed integer NOT NULL,
    per_photo integer,
    repeats double precision NOT NULL,
    lesions boolean NOT NULL,
    state character varying(12) NOT NULL,
    created_by character varying(32) NOT NULL,
    created_at timestamp with time zone NOT NULL,
    opened_at timestamp with time zone,
    locked_at timestamp with time zone,
    closed_at timestamp with time zone,
    CONSTRAINT ck_studies_repeats CHECK (((repeats >= (0)::double precision) AND (repeats <= (0.5)::double precision))),
    CONSTRAINT ck_studies_state CHECK (((state)::text = ANY ((ARRAY['draft'::character varying, 'open'::character varying, 'closed'::character varying])::text[])))
);


--
-- Name: study_photos; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.study_photos (
    id character varying(32) NOT NULL,
    study_id character varying(32) NOT NULL,
    name character varying(255) NOT NULL,
    person character varying(255) NOT NULL,
    key character varying(64) NOT NULL,
    digest character varying(64) NOT NULL,
    width integer NOT NULL,
    height integer NOT NULL,
    kind character varying(12) NOT NULL,
    reference double precision,
    CONSTRAINT ck_study_photos_kind CHECK (((kind)::text = ANY ((ARRAY['ordinary'::character varying, 'golden'::character varying, 'calibration'::character varying])::text[])))
);


--
-- Name: study_raters; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.study_raters (
    study_id character varying(32) NOT NULL,
    person_id character varying(32) NOT NULL,
    code character varying(12) NOT NULL,
    joined_at timestamp with time zone NOT NULL,
    removed_at timestamp with time zone
);


--
-- Name: audit number; Type: DEFAULT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.audit ALTER COLUMN number SET DEFAULT nextval('public.audit_number_seq'::regclass);


--
-- Name: ratings number; Type: DEFAULT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.ratings ALTER COLUMN number SET DEFAULT nextval('public.ratings_number_seq'::regclass);


--
-- Data for Name: alembic_version; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.alembic_version VALUES ('0001');


--
-- Data for Name: audit; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.audit VALUES (1, '2026-11-28 02:16:38.086311+00', 'gt4DjMpetQKVQcexK1ctsg', 'person.first_admin', NULL, '{}', '8fec36f06034c7240660815f35ca6f97ccf6c31a629ba1454b3903c86e176035');
INSERT INTO public.audit VALUES (2, '2026-11-28 02:16:38.21014+00', 'gt4DjMpetQKVQcexK1ctsg', 'invitation.made', NULL, '{"roles": "team"}', 'acdea1d91a42fa380e5fe112fce52869b98f141b58788c84470632aa7781cb25');
INSERT INTO public.audit VALUES (3, '2026-11-28 02:16:39.006189+00', 'ml4f3tY46W1oqkLAuIxWWQ', 'invitation.accepted', NULL, '{"by": "gt4DjMpetQKVQcexK1ctsg"}', '4f7c660ee535a6a314ea3fd6b9241ba3153c3c683071ea4be691985f2f799baf');
INSERT INTO public.audit VALUES (4, '2026-11-28 02:16:39.058247+00', 'pi9p7CalSW0a_3kWhFb2Fg', 'person.from_provider', NULL, '{}', '63bbf8fe623d9192dd9a0bd32f71aa283d97ece7b84c24465cce5fb5978d2be8');
INSERT INTO public.audit VALUES (5, '2026-11-28 02:16:39.099652+00', NULL, 'person.roles', NULL, '{"person": "pi9p7CalSW0a_3kWhFb2Fg", "before": "", "after": "rater"}', 'bc6dee959b861dd1c1b4a73199f481c950a06c212ab0547dfc684c95f68e7cfc');
INSERT INTO public.audit VALUES (6, '2026-11-28 02:16:39.111097+00', 'pi9p7CalSW0a_3kWhFb2Fg', 'sign_in', NULL, '{"at": "provider"}', 'c891d52be970b49d45b64a3386ba8d936ada460cdd810b419442def1f73e38d6');
INSERT INTO public.audit VALUES (7, '2026-11-28 02:16:39.154242+00', 'gt4DjMpetQKVQcexK1ctsg', 'invitation.made', NULL, '{"roles": "rater"}', '934734a812df17704f5a727179d1280e468a0030760776f7588bd2081cc46204');
INSERT INTO public.audit VALUES (8, '2026-11-28 02:16:40.751136+00', 'ml4f3tY46W1oqkLAuIxWWQ', 'password.changed', NULL, '{}', 'de0e00ab913b0aa0580b183bb56099add787cba5060a9a8bfb1106ab1861b3e5');
INSERT INTO public.audit VALUES (9, '2026-11-28 02:16:40.786291+00', 'ml4f3tY46W1oqkLAuIxWWQ', 'study.created', 'cZ8mrifDaDzgOcyeKUJYIg', '{"name": "Spring, =1+1", "scale": "acne-5", "instrument_version": "48c0d9fbca6714d3", "seed": 11, "per_photo": 2, "repeats": 0.25, "lesions": true}', '366cdb9db73fb1c9e7cc7853ada41591383116b3e3494b9fed5336c5880f0ba0');
INSERT INTO public.audit VALUES (10, '2026-11-28 02:16:40.87942+00', 'ml4f3tY46W1oqkLAuIxWWQ', 'study.pictures', 'cZ8mrifDaDzgOcyeKUJYIg', '{"pictures": {"1": "77e4ef05e3f0f8347eaaf62809c2c5b72357013f4533c270d3ef16be91d3d328", "3": "978f85892c87ac48c9a4394c842db9ccef4ed5e3f768113112fa9ae4c5cc32d6", "5": "b83548cb17232b2ccf3a503f698a1572d5a1045d2069aeb090234e031237993d"}, "instrument_version": "9c5867e36c8c78bb"}', 'e13aa71f4316c19f4035f5aef2b2d6010d265e45468ffb3d35aa54d2d3d2007a');
INSERT INTO public.audit VALUES (11, '2026-11-28 02:16:40.954199+00', 'ml4f3tY46W1oqkLAuIxWWQ', 'photo.added', 'cZ8mrifDaDzgOcyeKUJYIg', '{"photo": "eFJNBMg3_GV0HU-BBMks1w", "digest": "e3221d53480fdb1c842e7782acae7080a143ad15d008759f56f1919b5e722a03", "kind": "ordinary", "reference": null}', 'a0136db0735d919c8fc4430d63eaf8bcb1fc90787129d2acd394c8761c02aff1');
INSERT INTO public.audit VALUES (12, '2026-11-28 02:16:41.018172+00', 'ml4f3tY46W1oqkLAuIxWWQ', 'photo.added', 'cZ8mrifDaDzgOcyeKUJYIg', '{"photo": "ncEDVdlAzQy7tWfc1y2JNw", "digest": "2e56ba980f43e2ba0a79a5d48331aa6890ce710c7d1ecde1d6c9ffdc27dfeb3f", "kind": "ordinary", "reference": null}', 'b5d4558b55727e7238b45e7a2927f3914e333eda129dba2d358912961d9ff204');
INSERT INTO public.audit VALUES (13, '2026-11-28 02:16:41.07481+00', 'ml4f3tY46W1oqkLAuIxWWQ', 'photo.added', 'cZ8mrifDaDzgOcyeKUJYIg', '{"photo": "GV1fQY5m1LAMSJ_ERgu8NQ", "digest": "f7aeb6c1cf8e22ae05757ad66d158a85f580a3b6a597a81d4e965ffff4002561", "kind": "ordinary", "reference": null}', '5749586d0861f19b49ad135cd84f017de0ded491f261f10d38428c542bf2664e');
INSERT INTO public.audit VALUES (14, '2026-11-28 02:16:41.131284+00', 'ml4f3tY46W1oqkLAuIxWWQ', 'photo.added', 'cZ8mrifDaDzgOcyeKUJYIg', '{"photo": "ac2x1u342N2-oCaEqPDeBQ", "digest": "47014a4118f88d9c91d4e2c4026259f63955c52d27b6f2b9248f4ecc3d05c14f", "kind": "golden", "reference": 2.5}', '3a97e19c4ab9316397080b48b143baa827855d7c5863bfa5e498b4590ef6a5b3');
INSERT INTO public.audit VALUES (15, '2026-11-28 02:16:41.194185+00', 'ml4f3tY46W1oqkLAuIxWWQ', 'photo.added', 'cZ8mrifDaDzgOcyeKUJYIg', '{"photo": "IPzWDDEYLETTubSxnmHeQg", "digest": "4e3085fa4a3af6a6411a6057752e1c9d85cdab8cd36eb3b63e4de3135159a78a", "kind": "ordinary", "reference": null}', '811109735f3c41f93abb28a42a983b7edef57377eb5d2a1042afa0005edd0b9a');
INSERT INTO public.audit VALUES (16, '2026-11-28 02:16:41.254154+00', 'ml4f3tY46W1oqkLAuIxWWQ', 'photo.added', 'cZ8mrifDaDzgOcyeKUJYIg', '{"photo": "YI4aP3slL66gebfWGsxBHg", "digest": "3943cc94f926c331fbe142c08e6133ff3c737226ea88af7b9c9d1318c564fdff", "kind": "ordinary", "reference": null}', '71cd26f078ecc38020c4cd218fbee531f3bdb1b3ad518cde70efc001196517b3');
INSERT INTO public.audit VALUES (17, '2026-11-28 02:16:41.322165+00', 'ml4f3tY46W1oqkLAuIxWWQ', 'photo.added', 'cZ8mrifDaDzgOcyeKUJYIg', '{"photo": "VWL0UEA0AmCh-CJz3AUUig", "digest": "247c7492ce5d266ff4800ac28851ffc42b4eddca8f01ceed65f7e55a40e000d9", "kind": "ordinary", "reference": null}', '8dbbfa1f6eee4799146e09cbc537c9cc6c9d17529bfdc3a196f32e4da9a69b9e');
INSERT INTO public.audit VALUES (18, '2026-11-28 02:16:41.386187+00', 'ml4f3tY46W1oqkLAuIxWWQ', 'photo.added', 'cZ8mrifDaDzgOcyeKUJYIg', '{"photo": "AzOE1yA34ybn4jikOOLbNA", "digest": "66bd7bcdcb60ae5ec197ce89eb8f0cf05495aeb2a18fbf4da9d90dde3eecd58a", "kind": "golden", "reference": 2.5}', '15852e87a0ef4243a6f60bb3bdf326213b2e276c4b868b7f28ef618bd92a5157');
INSERT INTO public.audit VALUES (19, '2026-11-28 02:16:41.450287+00', 'ml4f3tY46W1oqkLAuIxWWQ', 'photo.added', 'cZ8mrifDaDzgOcyeKUJYIg', '{"photo": "5E-xwNUEjHj6F70XyY1law", "digest": "592cd59534d64f011a67d9f3eb4024c9da68de1c6b69f3d03672200c0c7ff28c", "kind": "ordinary", "reference": null}', '719f3c6469cd727142617670089e787984d04f1e321625730f9a7301bfcd843d');
INSERT INTO public.audit VALUES (20, '2026-11-28 02:16:41.506106+00', 'ml4f3tY46W1oqkLAuIxWWQ', 'photo.added', 'cZ8mrifDaDzgOcyeKUJYIg', '{"photo": "eAXw2kWDr-NrDHdw2dG2Uw", "digest": "5bfd26b0252ec5176d67c2659428a09f6b59576ede67bb164ab14e203d4d63f7", "kind": "ordinary", "reference": null}', '58b35b71874e56bdf81c360afdb0c4bec0bc5b616a624a6924b5bf3eea7ea589');
INSERT INTO public.audit VALUES (21, '2026-11-28 02:16:41.570161+00', 'ml4f3tY46W1oqkLAuIxWWQ', 'photo.added', 'cZ8mrifDaDzgOcyeKUJYIg', '{"photo": "VVKVP9QBsY5mFSjRgfvZng", "digest": "e11d48942ee91c4b6e1cdf9a6254cbcdd9944569748a5d5d3bd806c166b43bec", "kind": "ordinary", "reference": null}', '9e39843053d1fb4702c52447b1b4e9528fdbe81e050371f4ea2bb29a5a415add');
INSERT INTO public.audit VALUES (22, '2026-11-28 02:16:41.634192+00', 'ml4f3tY46W1oqkLAuIxWWQ', 'photo.added', 'cZ8mrifDaDzgOcyeKUJYIg', '{"photo": "q267ht5fqmwAbpEbJAbz9Q", "digest": "c4bd96c7739c96bcee9e3d6692b89449127e203d49a636ed5c6e74032c82f615", "kind": "calibration", "reference": 2.5}', 'aa0cd75b5c81139bff967e774382abedda959669748ba2a7d72c6569a5cc63c0');
INSERT INTO public.audit VALUES (23, '2026-11-28 02:16:41.674199+00', 'ml4f3tY46W1oqkLAuIxWWQ', 'invitation.made', 'cZ8mrifDaDzgOcyeKUJYIg', '{"roles": "rater"}', 'e83c74e4ad65d114f56575bc746ffc92dd7f28aca9e39e8b89fbb9ce84a1c745');
INSERT INTO public.audit VALUES (24, '2026-11-28 02:16:42.444815+00', 'ml4f3tY46W1oqkLAuIxWWQ', 'rater.added', 'cZ8mrifDaDzgOcyeKUJYIg', '{"rater": "R01", "person": "CSO0p3S1nXXYloz0myVDmw"}', '971fcd244548d9f356b45f1b6fe81efed1403d2e25fdc61b28f279c06e45fe2a');
INSERT INTO public.audit VALUES (25, '2026-11-28 02:16:42.462336+00', 'CSO0p3S1nXXYloz0myVDmw', 'invitation.accepted', 'cZ8mrifDaDzgOcyeKUJYIg', '{"by": "ml4f3tY46W1oqkLAuIxWWQ"}', 'bf2269efb7972cf8c4f9363804fdec78d49e77215cb042dc2edeb62cac503a96');
INSERT INTO public.audit VALUES (26, '2026-11-28 02:16:42.507579+00', 'ml4f3tY46W1oqkLAuIxWWQ', 'invitation.made', 'cZ8mrifDaDzgOcyeKUJYIg', '{"roles": "rater"}', '5ccc096713d582a5fa842df0a0778b527ef31d0a0876d374e683cd2ab2a06e62');
INSERT INTO public.audit VALUES (27, '2026-11-28 02:16:43.254268+00', 'ml4f3tY46W1oqkLAuIxWWQ', 'rater.added', 'cZ8mrifDaDzgOcyeKUJYIg', '{"rater": "R02", "person": "MmIB_aAm4bOw-ffM2kxwyA"}', 'b6c2c2800e68d05d5fb85ebe6a5afd35509a647f1210d678d951b4714a1ca4c9');
INSERT INTO public.audit VALUES (28, '2026-11-28 02:16:43.275087+00', 'MmIB_aAm4bOw-ffM2kxwyA', 'invitation.accepted', 'cZ8mrifDaDzgOcyeKUJYIg', '{"by": "ml4f3tY46W1oqkLAuIxWWQ"}', 'acae67a76257dbf65e3bb0cb0c92ccc710e75550c0b67f1ff635f516e4dd896a');
INSERT INTO public.audit VALUES (29, '2026-11-28 02:16:43.345718+00', 'ml4f3tY46W1oqkLAuIxWWQ', 'invitation.made', 'cZ8mrifDaDzgOcyeKUJYIg', '{"roles": "rater"}', '7cef6197abfd5828794ca3a139f447d1299a18447d548967b09712d1b03b0890');
INSERT INTO public.audit VALUES (30, '2026-11-28 02:16:44.142192+00', 'ml4f3tY46W1oqkLAuIxWWQ', 'rater.added', 'cZ8mrifDaDzgOcyeKUJYIg', '{"rater": "R03", "person": "E-mfP9tdIHMN8DWw0lvxug"}', '00c451538a30897ef2850725f32206e64fe3d109bfac74b4cbbb8d714d55eb1c');
INSERT INTO public.audit VALUES (31, '2026-11-28 02:16:44.154152+00', 'E-mfP9tdIHMN8DWw0lvxug', 'invitation.accepted', 'cZ8mrifDaDzgOcyeKUJYIg', '{"by": "ml4f3tY46W1oqkLAuIxWWQ"}', 'ccefaa94bcad8bb6e066783c229e0a24d899aea9badaa6c388733b9bc51edc9f');
INSERT INTO public.audit VALUES (32, '2026-11-28 02:16:44.262252+00', 'ml4f3tY46W1oqkLAuIxWWQ', 'study.opened', 'cZ8mrifDaDzgOcyeKUJYIg', '{"photos": 12, "raters": 3}', '7a0cb758f105b57626f38a0a81e56914a4f13f2afc8cdf41265f72d6ca525730');
INSERT INTO public.audit VALUES (33, '2026-11-28 02:16:44.427088+00', NULL, 'study.locked', 'cZ8mrifDaDzgOcyeKUJYIg', '{}', 'f2d18021581d5fbfaa235dc54ea120834fb3685cb46f9e95d9e69b90d0f37ab5');
INSERT INTO public.audit VALUES (34, '2026-11-28 02:16:46.306306+00', 'ml4f3tY46W1oqkLAuIxWWQ', 'rater.removed', 'cZ8mrifDaDzgOcyeKUJYIg', '{"rater": "R03", "person": "E-mfP9tdIHMN8DWw0lvxug"}', 'c77a412c1fec1dec71189ef3c5b024f26fa20910a560786cbcff9d447654776a');
INSERT INTO public.audit VALUES (35, '2026-11-28 02:16:46.486212+00', 'ml4f3tY46W1oqkLAuIxWWQ', 'adjudication.asked', 'cZ8mrifDaDzgOcyeKUJYIg', '{"rater": "A01", "photos": 5}', '43d1beb371d458a7c65a7015c3f43dd1143f99d8be31317a2bed561255524fa0');
INSERT INTO public.audit VALUES (36, '2026-11-28 02:16:46.722254+00', 'ml4f3tY46W1oqkLAuIxWWQ', 'study.closed', 'cZ8mrifDaDzgOcyeKUJYIg', '{}', '6d97670cb66893ff350cc5c51475be34e4dd4da9f57ca43b969e61c26dbc680d');
INSERT INTO public.audit VALUES (37, '2026-11-28 02:16:46.744405+00', 'gt4DjMpetQKVQcexK1ctsg', 'person.deactivated', NULL, '{"person": "MmIB_aAm4bOw-ffM2kxwyA"}', '012826f06f8d13cfc9c03fb06983c4896243bbde6a99799c9de2e5b3fa048573');
INSERT INTO public.audit VALUES (38, '2026-11-28 02:16:46.782274+00', 'ml4f3tY46W1oqkLAuIxWWQ', 'study.created', 'KrOY2vRHD_K-x1UQ4dlT1A', '{"name": "A draft", "scale": "pigment-9", "instrument_version": "9051cc8f585726f3", "seed": 1, "per_photo": null, "repeats": 0.1, "lesions": false}', 'a3363af55bb94cee41605b634aa3b4f17bd913c21cc1636db545c558c949cb95');


--
-- Data for Name: invitations; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.invitations VALUES ('353a9bbad43a7d102f3674ca6a017193b837ee256193186e1bdf64b43e08377a', 'Tom Team', 'tom@clinic.example', 'team', NULL, 'gt4DjMpetQKVQcexK1ctsg', '2026-11-28 02:16:38.195388+00', '2026-12-12 02:16:38.163026+00', '2026-11-28 02:16:38.990386+00', 'ml4f3tY46W1oqkLAuIxWWQ');
INSERT INTO public.invitations VALUES ('ba44b20a62313aadfe4754b622cb9d8b62cfe4487a831e34b50c7a14da457855', 'Nobody yet', NULL, 'rater', NULL, 'gt4DjMpetQKVQcexK1ctsg', '2026-11-28 02:16:39.143036+00', '2026-12-12 02:16:39.129348+00', NULL, NULL);
INSERT INTO public.invitations VALUES ('30a6375b6afde68a96078a77fad4df904006e2ef9b7d3fdb58c01fdd29ec68f6', 'Rita Rater', 'rita@else.example', 'rater', 'cZ8mrifDaDzgOcyeKUJYIg', 'ml4f3tY46W1oqkLAuIxWWQ', '2026-11-28 02:16:41.666741+00', '2026-12-12 02:16:41.640101+00', '2026-11-28 02:16:42.394431+00', 'CSO0p3S1nXXYloz0myVDmw');
INSERT INTO public.invitations VALUES ('4d2ef45429d4713b031caeb42c55b6cdb05a785f19a3ad649eb31ead3c79f09f', 'Rolf Rater', 'rolf@else.example', 'rater', 'cZ8mrifDaDzgOcyeKUJYIg', 'ml4f3tY46W1oqkLAuIxWWQ', '2026-11-28 02:16:42.496057+00', '2026-12-12 02:16:42.482422+00', '2026-11-28 02:16:43.211274+00', 'MmIB_aAm4bOw-ffM2kxwyA');
INSERT INTO public.invitations VALUES ('1001ce6259ebae2b8aa8c1551e482821c7ed3a7259d75f69968848dd01d3c8cf', 'Rosa Rater', 'rosa@else.example', 'rater', 'cZ8mrifDaDzgOcyeKUJYIg', 'ml4f3tY46W1oqkLAuIxWWQ', '2026-11-28 02:16:43.324306+00', '2026-12-12 02:16:43.302318+00', '2026-11-28 02:16:44.094259+00', 'E-mfP9tdIHMN8DWw0lvxug');


--
-- Data for Name: items; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.items VALUES ('eHBE3lObxxik2dD2MwEZ5w', 'cZ8mrifDaDzgOcyeKUJYIg', 'CSO0p3S1nXXYloz0myVDmw', 'q267ht5fqmwAbpEbJAbz9Q', 'calibration', 0, NULL, NULL);
INSERT INTO public.items VALUES ('M8Mc97TF9jZkQDExWbr1Qw', 'cZ8mrifDaDzgOcyeKUJYIg', 'CSO0p3S1nXXYloz0myVDmw', 'ncEDVdlAzQy7tWfc1y2JNw', 'ordinary', 1, NULL, NULL);
INSERT INTO public.items VALUES ('Uz7vWeWSfEqdMxGH0emLEw', 'cZ8mrifDaDzgOcyeKUJYIg', 'CSO0p3S1nXXYloz0myVDmw', 'GV1fQY5m1LAMSJ_ERgu8NQ', 'ordinary', 2, NULL, NULL);
INSERT INTO public.items VALUES ('seq69D1F4sbrRysPwvxpSw', 'cZ8mrifDaDzgOcyeKUJYIg', 'CSO0p3S1nXXYloz0myVDmw', 'AzOE1yA34ybn4jikOOLbNA', 'golden', 3, NULL, NULL);
INSERT INTO public.items VALUES ('-SY_Cg2glFaHM1TGfs_ihw', 'cZ8mrifDaDzgOcyeKUJYIg', 'CSO0p3S1nXXYloz0myVDmw', 'ac2x1u342N2-oCaEqPDeBQ', 'golden', 5, NULL, NULL);
INSERT INTO public.items VALUES ('fV190tT2z3WbMpTU5xzA2w', 'cZ8mrifDaDzgOcyeKUJYIg', 'CSO0p3S1nXXYloz0myVDmw', 'eFJNBMg3_GV0HU-BBMks1w', 'ordinary', 6, NULL, NULL);
INSERT INTO public.items VALUES ('E-Sd6Q2Drlf4MmVtNgADjQ', 'cZ8mrifDaDzgOcyeKUJYIg', 'CSO0p3S1nXXYloz0myVDmw', 'IPzWDDEYLETTubSxnmHeQg', 'ordinary', 7, NULL, NULL);
INSERT INTO public.items VALUES ('p0IXgJvpNb0EcDBGW7CtWw', 'cZ8mrifDaDzgOcyeKUJYIg', 'CSO0p3S1nXXYloz0myVDmw', 'GV1fQY5m1LAMSJ_ERgu8NQ', 'repeat', 8, NULL, NULL);
INSERT INTO public.items VALUES ('mx6XaUKBNALU7Y3G18uwhw', 'cZ8mrifDaDzgOcyeKUJYIg', 'CSO0p3S1nXXYloz0myVDmw', 'VVKVP9QBsY5mFSjRgfvZng', 'ordinary', 9, NULL, NULL);
INSERT INTO public.items VALUES ('ZSM7ZAt7it9HQ7HEWiuZyw', 'cZ8mrifDaDzgOcyeKUJYIg', 'CSO0p3S1nXXYloz0myVDmw', 'eFJNBMg3_GV0HU-BBMks1w', 'repeat', 10, NULL, NULL);
INSERT INTO public.items VALUES ('2vZ6ox-EWMkbqfsapNci3A', 'cZ8mrifDaDzgOcyeKUJYIg', 'MmIB_aAm4bOw-ffM2kxwyA', 'q267ht5fqmwAbpEbJAbz9Q', 'calibration', 0, NULL, NULL);
INSERT INTO public.items VALUES ('6uSFs-Ih1vgzNA6HplvWFA', 'cZ8mrifDaDzgOcyeKUJYIg', 'MmIB_aAm4bOw-ffM2kxwyA', 'ncEDVdlAzQy7tWfc1y2JNw', 'ordinary', 1, NULL, NULL);
INSERT INTO public.items VALUES ('YFL8Go8JUIqVAMzcZnQMbg', 'cZ8mrifDaDzgOcyeKUJYIg', 'MmIB_aAm4bOw-ffM2kxwyA', 'eAXw2kWDr-NrDHdw2dG2Uw', 'ordinary', 2, NULL, NULL);
INSERT INTO public.items VALUES ('Pv2HYR64qcjru2LlCEp3GQ', 'cZ8mrifDaDzgOcyeKUJYIg', 'MmIB_aAm4bOw-ffM2kxwyA', 'VWL0UEA0AmCh-CJz3AUUig', 'ordinary', 3, NULL, NULL);
INSERT INTO public.items VALUES ('OoGjrKw-yWL2x4rWuIwsZg', 'cZ8mrifDaDzgOcyeKUJYIg', 'MmIB_aAm4bOw-ffM2kxwyA', 'eFJNBMg3_GV0HU-BBMks1w', 'ordinary', 5, NULL, NULL);
INSERT INTO public.items VALUES ('03gM1I4PxEXKvkHVGbdMYw', 'cZ8mrifDaDzgOcyeKUJYIg', 'MmIB_aAm4bOw-ffM2kxwyA', '5E-xwNUEjHj6F70XyY1law', 'ordinary', 6, NULL, NULL);
INSERT INTO public.items VALUES ('gSljtoRqqoWsSvC37B6x9A', 'cZ8mrifDaDzgOcyeKUJYIg', 'MmIB_aAm4bOw-ffM2kxwyA', 'ac2x1u342N2-oCaEqPDeBQ', 'golden', 7, NULL, NULL);
INSERT INTO public.items VALUES ('vNcE25Py-hUssmkn-AV5bA', 'cZ8mrifDaDzgOcyeKUJYIg', 'MmIB_aAm4bOw-ffM2kxwyA', 'eFJNBMg3_GV0HU-BBMks1w', 'repeat', 8, NULL, NULL);
INSERT INTO public.items VALUES ('qXQ31585pKmDBDBMLzVmAg', 'cZ8mrifDaDzgOcyeKUJYIg', 'MmIB_aAm4bOw-ffM2kxwyA', 'GV1fQY5m1LAMSJ_ERgu8NQ', 'ordinary', 9, NULL, NULL);
INSERT INTO public.items VALUES ('o3noKNDNANQE1uXBQJUiDQ', 'cZ8mrifDaDzgOcyeKUJYIg', 'MmIB_aAm4bOw-ffM2kxwyA', 'ncEDVdlAzQy7tWfc1y2JNw', 'repeat', 10, NULL, NULL);
INSERT INTO public.items VALUES ('WQVJ5tZmCW4_hxRtGOkAng', 'cZ8mrifDaDzgOcyeKUJYIg', 'E-mfP9tdIHMN8DWw0lvxug', 'q267ht5fqmwAbpEbJAbz9Q', 'calibration', 0, NULL, NULL);
INSERT INTO public.items VALUES ('AZkLFOix6nGIuJpXz1EURw', 'cZ8mrifDaDzgOcyeKUJYIg', 'E-mfP9tdIHMN8DWw0lvxug', 'IPzWDDEYLETTubSxnmHeQg', 'ordinary', 1, NULL, NULL);
INSERT INTO public.items VALUES ('Nsc79OgLQ1v-jZa0LjFD8Q', 'cZ8mrifDaDzgOcyeKUJYIg', 'E-mfP9tdIHMN8DWw0lvxug', 'AzOE1yA34ybn4jikOOLbNA', 'golden', 2, NULL, NULL);
INSERT INTO public.items VALUES ('dEslbEzUkQ_0es2Pv3ywyA', 'cZ8mrifDaDzgOcyeKUJYIg', 'E-mfP9tdIHMN8DWw0lvxug', '5E-xwNUEjHj6F70XyY1law', 'ordinary', 3, NULL, NULL);
INSERT INTO public.items VALUES ('IiFfc1CsxFTlOMdDtlXtWQ', 'cZ8mrifDaDzgOcyeKUJYIg', 'E-mfP9tdIHMN8DWw0lvxug', 'ac2x1u342N2-oCaEqPDeBQ', 'golden', 5, NULL, NULL);
INSERT INTO public.items VALUES ('WJIEKSBj9KRE5PgcnjZ9Aw', 'cZ8mrifDaDzgOcyeKUJYIg', 'E-mfP9tdIHMN8DWw0lvxug', 'IPzWDDEYLETTubSxnmHeQg', 'repeat', 6, NULL, NULL);
INSERT INTO public.items VALUES ('KgbUF97zlRm-AxAZAdTDUQ', 'cZ8mrifDaDzgOcyeKUJYIg', 'CSO0p3S1nXXYloz0myVDmw', 'YI4aP3slL66gebfWGsxBHg', 'ordinary', 12, NULL, NULL);
INSERT INTO public.items VALUES ('BiBseMl-MC1p9yTP59J0lQ', 'cZ8mrifDaDzgOcyeKUJYIg', 'CSO0p3S1nXXYloz0myVDmw', 'eAXw2kWDr-NrDHdw2dG2Uw', 'ordinary', 11, NULL, NULL);
INSERT INTO public.items VALUES ('gEwgOmdA0uyRzr2bzOUarQ', 'cZ8mrifDaDzgOcyeKUJYIg', 'CSO0p3S1nXXYloz0myVDmw', 'VWL0UEA0AmCh-CJz3AUUig', 'ordinary', 13, NULL, NULL);
INSERT INTO public.items VALUES ('yJRENGD2WFlmgU2fjA1Zew', 'cZ8mrifDaDzgOcyeKUJYIg', 'MmIB_aAm4bOw-ffM2kxwyA', 'AzOE1yA34ybn4jikOOLbNA', 'golden', 12, NULL, NULL);
INSERT INTO public.items VALUES ('MqcocNcDjnoXhgzEwFssog', 'cZ8mrifDaDzgOcyeKUJYIg', 'MmIB_aAm4bOw-ffM2kxwyA', 'VVKVP9QBsY5mFSjRgfvZng', 'ordinary', 11, NULL, NULL);
INSERT INTO public.items VALUES ('ei9UhM39v909XxFzezQEgg', 'cZ8mrifDaDzgOcyeKUJYIg', 'MmIB_aAm4bOw-ffM2kxwyA', 'YI4aP3slL66gebfWGsxBHg', 'ordinary', 13, NULL, NULL);
INSERT INTO public.items VALUES ('CEBki1AOS0zxSgg1oP24Fw', 'cZ8mrifDaDzgOcyeKUJYIg', 'E-mfP9tdIHMN8DWw0lvxug', '5E-xwNUEjHj6F70XyY1law', 'repeat', 9, NULL, '2026-11-28 02:16:46.250874+00');
INSERT INTO public.items VALUES ('c34am7XxFSauzkp9UYBX5g', 'cZ8mrifDaDzgOcyeKUJYIg', 'E-mfP9tdIHMN8DWw0lvxug', 'YI4aP3slL66gebfWGsxBHg', 'ordinary', 8, NULL, '2026-11-28 02:16:46.250883+00');
INSERT INTO public.items VALUES ('cHhPJLFC8rmd_pHzClwTBQ', 'cZ8mrifDaDzgOcyeKUJYIg', 'E-mfP9tdIHMN8DWw0lvxug', 'eAXw2kWDr-NrDHdw2dG2Uw', 'ordinary', 7, NULL, '2026-11-28 02:16:46.250886+00');
INSERT INTO public.items VALUES ('f01rYC7l_UIuzGLPRB0gVA', 'cZ8mrifDaDzgOcyeKUJYIg', 'E-mfP9tdIHMN8DWw0lvxug', 'VWL0UEA0AmCh-CJz3AUUig', 'ordinary', 10, NULL, '2026-11-28 02:16:46.250879+00');
INSERT INTO public.items VALUES ('g4-rwPdUzHLDOqtpiW01BA', 'cZ8mrifDaDzgOcyeKUJYIg', 'E-mfP9tdIHMN8DWw0lvxug', 'VVKVP9QBsY5mFSjRgfvZng', 'ordinary', 4, NULL, '2026-11-28 02:16:46.250849+00');
INSERT INTO public.items VALUES ('zx28UQUgP4CmXpiXbM5Pug', 'cZ8mrifDaDzgOcyeKUJYIg', 'pi9p7CalSW0a_3kWhFb2Fg', 'IPzWDDEYLETTubSxnmHeQg', 'adjudication', 0, NULL, NULL);
INSERT INTO public.items VALUES ('Lx7ss2E-YXxtEple2HVyJQ', 'cZ8mrifDaDzgOcyeKUJYIg', 'pi9p7CalSW0a_3kWhFb2Fg', 'eFJNBMg3_GV0HU-BBMks1w', 'adjudication', 1, NULL, NULL);
INSERT INTO public.items VALUES ('t5dbN-TD-lhqHqRB1g5jSg', 'cZ8mrifDaDzgOcyeKUJYIg', 'pi9p7CalSW0a_3kWhFb2Fg', '5E-xwNUEjHj6F70XyY1law', 'adjudication', 2, NULL, NULL);
INSERT INTO public.items VALUES ('15wwFzN9goLbNiLaMV2iJw', 'cZ8mrifDaDzgOcyeKUJYIg', 'pi9p7CalSW0a_3kWhFb2Fg', 'ncEDVdlAzQy7tWfc1y2JNw', 'adjudication', 3, NULL, NULL);
INSERT INTO public.items VALUES ('JSIU6p_r4X1ynONKpYHo_g', 'cZ8mrifDaDzgOcyeKUJYIg', 'pi9p7CalSW0a_3kWhFb2Fg', 'ac2x1u342N2-oCaEqPDeBQ', 'adjudication', 4, NULL, NULL);


--
-- Data for Name: persons; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.persons VALUES ('gt4DjMpetQKVQcexK1ctsg', 'Ada Admin', 'ada@clinic.example', 'rater team admin', NULL, NULL, '$argon2id$v=19$m=65536,t=3,p=4$6yNM8rNWbwXT299mFKLeNw$6bjOu4J+OREaW0yLZCim6+/JJDEXgdT6Zjalny6p3LM', true, '2026-11-28 02:16:38.06012+00');
INSERT INTO public.persons VALUES ('pi9p7CalSW0a_3kWhFb2Fg', 'Vera Verified', 'vera@clinic.example', 'rater', 'https://sign-in.clinic.example', 'vera-1', NULL, true, '2026-11-28 02:16:39.04005+00');
INSERT INTO public.persons VALUES ('ml4f3tY46W1oqkLAuIxWWQ', 'Tom Team', 'tom@clinic.example', 'team', NULL, NULL, '$argon2id$v=19$m=65536,t=3,p=4$wCBVxp5VTnnUTyz1LVADkQ$l/lo2nfGwJjv+O9o1Un4iQggBzBrl2/XFGFn37QhXkQ', true, '2026-11-28 02:16:38.984315+00');
INSERT INTO public.persons VALUES ('CSO0p3S1nXXYloz0myVDmw', 'Rita Rater', 'rita@else.example', 'rater', NULL, NULL, '$argon2id$v=19$m=65536,t=3,p=4$Q5UozHljhL1WFTnjvO5YZw$wGTAFDkbyX0xfPGYkkSmgef244KtgU5PkyUfYQ0nB/c', true, '2026-11-28 02:16:42.386644+00');
INSERT INTO public.persons VALUES ('E-mfP9tdIHMN8DWw0lvxug', 'Rosa Rater', 'rosa@else.example', 'rater', NULL, NULL, '$argon2id$v=19$m=65536,t=3,p=4$d08cku+eg/ksN54dgVDHYg$1GQeIpoXUYOq0qWZQFto8ezN1nCdc164Qn3aclFw/0c', true, '2026-11-28 02:16:44.079851+00');
INSERT INTO public.persons VALUES ('MmIB_aAm4bOw-ffM2kxwyA', 'Rolf Rater', 'rolf@else.example', 'rater', NULL, NULL, '$argon2id$v=19$m=65536,t=3,p=4$znrLbhRmuijpSMtCDcCoqw$3NHuev5iB66NrQTT7EDDM5i7CLDcPBUOXvPZ3lI+FnA', false, '2026-11-28 02:16:43.210632+00');


--
-- Data for Name: ratings; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.ratings VALUES (1, '00000000000000000000000000000027', 'eHBE3lObxxik2dD2MwEZ5w', 'cZ8mrifDaDzgOcyeKUJYIg', 'CSO0p3S1nXXYloz0myVDmw', 'q267ht5fqmwAbpEbJAbz9Q', 'grade', 1, NULL, '[]', NULL, '2026-11-20 09:13:00+00', '2026-11-20 09:13:06.582+00', '2026-11-28 02:16:44.403564+00', 0, '9c5867e36c8c78bb', 11);
INSERT INTO public.ratings VALUES (2, '00000000000000000000000000000028', 'M8Mc97TF9jZkQDExWbr1Qw', 'cZ8mrifDaDzgOcyeKUJYIg', 'CSO0p3S1nXXYloz0myVDmw', 'ncEDVdlAzQy7tWfc1y2JNw', 'grade', 2, NULL, '[{"x": 0.0, "y": 0.0, "radius": 2.25}]', NULL, '2026-11-20 09:13:20+00', '2026-11-20 09:13:26.583+00', '2026-11-28 02:16:44.482931+00', 1, '9c5867e36c8c78bb', 11);
INSERT INTO public.ratings VALUES (3, '00000000000000000000000000000029', 'Uz7vWeWSfEqdMxGH0emLEw', 'cZ8mrifDaDzgOcyeKUJYIg', 'CSO0p3S1nXXYloz0myVDmw', 'GV1fQY5m1LAMSJ_ERgu8NQ', 'cannot', NULL, 'Out of focus
@Rita saw it, too', NULL, NULL, '2026-11-20 09:13:40+00', '2026-11-20 09:13:46.584+00', '2026-11-28 02:16:44.548616+00', 2, '9c5867e36c8c78bb', 11);
INSERT INTO public.ratings VALUES (4, '0000000000000000000000000000002a', 'seq69D1F4sbrRysPwvxpSw', 'cZ8mrifDaDzgOcyeKUJYIg', 'CSO0p3S1nXXYloz0myVDmw', 'AzOE1yA34ybn4jikOOLbNA', 'grade', 4, NULL, '[]', NULL, '2026-11-20 09:14:00+00', '2026-11-20 09:14:06.585+00', '2026-11-28 02:16:44.602702+00', 3, '9c5867e36c8c78bb', 11);
INSERT INTO public.ratings VALUES (5, '0000000000000000000000000000002b', 'seq69D1F4sbrRysPwvxpSw', 'cZ8mrifDaDzgOcyeKUJYIg', 'CSO0p3S1nXXYloz0myVDmw', 'AzOE1yA34ybn4jikOOLbNA', 'grade', 4, NULL, '[{"x": 0.0, "y": 0.0, "radius": 2.25}]', '0000000000000000000000000000002a', '2026-11-20 09:14:20+00', '2026-11-20 09:14:26.586+00', '2026-11-28 02:16:44.654004+00', 3, '9c5867e36c8c78bb', 11);
INSERT INTO public.ratings VALUES (6, '0000000000000000000000000000002c', 'KgbUF97zlRm-AxAZAdTDUQ', 'cZ8mrifDaDzgOcyeKUJYIg', 'CSO0p3S1nXXYloz0myVDmw', 'YI4aP3slL66gebfWGsxBHg', 'grade', 5, NULL, '[{"x": 0.0, "y": 0.0, "radius": 2.25}, {"x": 5.5, "y": 4.0, "radius": 2.25}]', NULL, '2026-11-20 09:14:40+00', '2026-11-20 09:14:46.587+00', '2026-11-28 02:16:44.699639+00', 4, '9c5867e36c8c78bb', 11);
INSERT INTO public.ratings VALUES (7, '0000000000000000000000000000002d', 'KgbUF97zlRm-AxAZAdTDUQ', 'cZ8mrifDaDzgOcyeKUJYIg', 'CSO0p3S1nXXYloz0myVDmw', 'YI4aP3slL66gebfWGsxBHg', 'undone', NULL, NULL, NULL, '0000000000000000000000000000002c', '2026-11-20 09:15:00+00', '2026-11-20 09:15:06.588+00', '2026-11-28 02:16:44.756544+00', 4, '9c5867e36c8c78bb', 11);
INSERT INTO public.ratings VALUES (8, '0000000000000000000000000000002e', '-SY_Cg2glFaHM1TGfs_ihw', 'cZ8mrifDaDzgOcyeKUJYIg', 'CSO0p3S1nXXYloz0myVDmw', 'ac2x1u342N2-oCaEqPDeBQ', 'grade', 1, NULL, '[{"x": 0.0, "y": 0.0, "radius": 2.25}]', NULL, '2026-11-20 09:15:20+00', '2026-11-20 09:15:26.589+00', '2026-11-28 02:16:44.792695+00', 5, '9c5867e36c8c78bb', 11);
INSERT INTO public.ratings VALUES (9, '0000000000000000000000000000002f', 'fV190tT2z3WbMpTU5xzA2w', 'cZ8mrifDaDzgOcyeKUJYIg', 'CSO0p3S1nXXYloz0myVDmw', 'eFJNBMg3_GV0HU-BBMks1w', 'grade', 2, NULL, '[{"x": 0.0, "y": 0.0, "radius": 2.25}, {"x": 5.5, "y": 4.0, "radius": 2.25}]', NULL, '2026-11-20 09:15:40+00', '2026-11-20 09:15:46.59+00', '2026-11-28 02:16:44.85988+00', 6, '9c5867e36c8c78bb', 11);
INSERT INTO public.ratings VALUES (10, '00000000000000000000000000000030', 'E-Sd6Q2Drlf4MmVtNgADjQ', 'cZ8mrifDaDzgOcyeKUJYIg', 'CSO0p3S1nXXYloz0myVDmw', 'IPzWDDEYLETTubSxnmHeQg', 'grade', 3, NULL, '[]', NULL, '2026-11-20 09:16:00+00', '2026-11-20 09:16:06.591+00', '2026-11-28 02:16:44.902595+00', 7, '9c5867e36c8c78bb', 11);
INSERT INTO public.ratings VALUES (11, '00000000000000000000000000000031', 'p0IXgJvpNb0EcDBGW7CtWw', 'cZ8mrifDaDzgOcyeKUJYIg', 'CSO0p3S1nXXYloz0myVDmw', 'GV1fQY5m1LAMSJ_ERgu8NQ', 'grade', 4, NULL, '[{"x": 0.0, "y": 0.0, "radius": 2.25}]', NULL, '2026-11-20 09:16:20+00', '2026-11-20 09:16:26.592+00', '2026-11-28 02:16:44.947674+00', 8, '9c5867e36c8c78bb', 11);
INSERT INTO public.ratings VALUES (12, '00000000000000000000000000000032', 'mx6XaUKBNALU7Y3G18uwhw', 'cZ8mrifDaDzgOcyeKUJYIg', 'CSO0p3S1nXXYloz0myVDmw', 'VVKVP9QBsY5mFSjRgfvZng', 'grade', 5, NULL, '[{"x": 0.0, "y": 0.0, "radius": 2.25}, {"x": 5.5, "y": 4.0, "radius": 2.25}]', NULL, '2026-11-20 09:16:40+00', '2026-11-20 09:16:46.593+00', '2026-11-28 02:16:44.994448+00', 9, '9c5867e36c8c78bb', 11);
INSERT INTO public.ratings VALUES (13, '00000000000000000000000000000033', 'ZSM7ZAt7it9HQ7HEWiuZyw', 'cZ8mrifDaDzgOcyeKUJYIg', 'CSO0p3S1nXXYloz0myVDmw', 'eFJNBMg3_GV0HU-BBMks1w', 'grade', 1, NULL, '[]', NULL, '2026-11-20 09:17:00+00', '2026-11-20 09:17:06.594+00', '2026-11-28 02:16:45.026449+00', 10, '9c5867e36c8c78bb', 11);
INSERT INTO public.ratings VALUES (14, '00000000000000000000000000000034', '2vZ6ox-EWMkbqfsapNci3A', 'cZ8mrifDaDzgOcyeKUJYIg', 'MmIB_aAm4bOw-ffM2kxwyA', 'q267ht5fqmwAbpEbJAbz9Q', 'grade', 1, NULL, '[{"x": 0.0, "y": 0.0, "radius": 2.25}]', NULL, '2026-11-20 09:17:20+00', '2026-11-20 09:17:26.595+00', '2026-11-28 02:16:45.115488+00', 0, '9c5867e36c8c78bb', 11);
INSERT INTO public.ratings VALUES (15, '00000000000000000000000000000035', '6uSFs-Ih1vgzNA6HplvWFA', 'cZ8mrifDaDzgOcyeKUJYIg', 'MmIB_aAm4bOw-ffM2kxwyA', 'ncEDVdlAzQy7tWfc1y2JNw', 'grade', 3, NULL, '[{"x": 0.0, "y": 0.0, "radius": 2.25}, {"x": 5.5, "y": 4.0, "radius": 2.25}]', NULL, '2026-11-20 09:17:40+00', '2026-11-20 09:17:46.596+00', '2026-11-28 02:16:45.13486+00', 1, '9c5867e36c8c78bb', 11);
INSERT INTO public.ratings VALUES (16, '00000000000000000000000000000036', 'YFL8Go8JUIqVAMzcZnQMbg', 'cZ8mrifDaDzgOcyeKUJYIg', 'MmIB_aAm4bOw-ffM2kxwyA', 'eAXw2kWDr-NrDHdw2dG2Uw', 'cannot', NULL, 'Out of focus
@Rita saw it, too', NULL, NULL, '2026-11-20 09:18:00+00', '2026-11-20 09:18:06.597+00', '2026-11-28 02:16:45.175411+00', 2, '9c5867e36c8c78bb', 11);
INSERT INTO public.ratings VALUES (17, '00000000000000000000000000000037', 'Pv2HYR64qcjru2LlCEp3GQ', 'cZ8mrifDaDzgOcyeKUJYIg', 'MmIB_aAm4bOw-ffM2kxwyA', 'VWL0UEA0AmCh-CJz3AUUig', 'grade', 2, NULL, '[{"x": 0.0, "y": 0.0, "radius": 2.25}]', NULL, '2026-11-20 09:18:20+00', '2026-11-20 09:18:26.598+00', '2026-11-28 02:16:45.218611+00', 3, '9c5867e36c8c78bb', 11);
INSERT INTO public.ratings VALUES (18, '00000000000000000000000000000038', 'Pv2HYR64qcjru2LlCEp3GQ', 'cZ8mrifDaDzgOcyeKUJYIg', 'MmIB_aAm4bOw-ffM2kxwyA', 'VWL0UEA0AmCh-CJz3AUUig', 'grade', 4, NULL, '[{"x": 0.0, "y": 0.0, "radius": 2.25}, {"x": 5.5, "y": 4.0, "radius": 2.25}]', '00000000000000000000000000000037', '2026-11-20 09:18:40+00', '2026-11-20 09:18:46.599+00', '2026-11-28 02:16:45.262471+00', 3, '9c5867e36c8c78bb', 11);
INSERT INTO public.ratings VALUES (19, '00000000000000000000000000000039', 'yJRENGD2WFlmgU2fjA1Zew', 'cZ8mrifDaDzgOcyeKUJYIg', 'MmIB_aAm4bOw-ffM2kxwyA', 'AzOE1yA34ybn4jikOOLbNA', 'grade', 4, NULL, '[]', NULL, '2026-11-20 09:19:00+00', '2026-11-20 09:19:06.6+00', '2026-11-28 02:16:45.299734+00', 4, '9c5867e36c8c78bb', 11);
INSERT INTO public.ratings VALUES (20, '0000000000000000000000000000003a', 'yJRENGD2WFlmgU2fjA1Zew', 'cZ8mrifDaDzgOcyeKUJYIg', 'MmIB_aAm4bOw-ffM2kxwyA', 'AzOE1yA34ybn4jikOOLbNA', 'undone', NULL, NULL, NULL, '00000000000000000000000000000039', '2026-11-20 09:19:20+00', '2026-11-20 09:19:26.601+00', '2026-11-28 02:16:45.350305+00', 4, '9c5867e36c8c78bb', 11);
INSERT INTO public.ratings VALUES (21, '0000000000000000000000000000003b', 'OoGjrKw-yWL2x4rWuIwsZg', 'cZ8mrifDaDzgOcyeKUJYIg', 'MmIB_aAm4bOw-ffM2kxwyA', 'eFJNBMg3_GV0HU-BBMks1w', 'grade', 1, NULL, '[{"x": 0.0, "y": 0.0, "radius": 2.25}, {"x": 5.5, "y": 4.0, "radius": 2.25}]', NULL, '2026-11-20 09:19:40+00', '2026-11-20 09:19:46.602+00', '2026-11-28 02:16:45.387907+00', 5, '9c5867e36c8c78bb', 11);
INSERT INTO public.ratings VALUES (22, '0000000000000000000000000000003c', '03gM1I4PxEXKvkHVGbdMYw', 'cZ8mrifDaDzgOcyeKUJYIg', 'MmIB_aAm4bOw-ffM2kxwyA', '5E-xwNUEjHj6F70XyY1law', 'grade', 3, NULL, '[]', NULL, '2026-11-20 09:20:00+00', '2026-11-20 09:20:06.603+00', '2026-11-28 02:16:45.430788+00', 6, '9c5867e36c8c78bb', 11);
INSERT INTO public.ratings VALUES (23, '0000000000000000000000000000003d', 'gSljtoRqqoWsSvC37B6x9A', 'cZ8mrifDaDzgOcyeKUJYIg', 'MmIB_aAm4bOw-ffM2kxwyA', 'ac2x1u342N2-oCaEqPDeBQ', 'grade', 5, NULL, '[{"x": 0.0, "y": 0.0, "radius": 2.25}]', NULL, '2026-11-20 09:20:20+00', '2026-11-20 09:20:26.604+00', '2026-11-28 02:16:45.471502+00', 7, '9c5867e36c8c78bb', 11);
INSERT INTO public.ratings VALUES (24, '0000000000000000000000000000003e', 'vNcE25Py-hUssmkn-AV5bA', 'cZ8mrifDaDzgOcyeKUJYIg', 'MmIB_aAm4bOw-ffM2kxwyA', 'eFJNBMg3_GV0HU-BBMks1w', 'grade', 2, NULL, '[{"x": 0.0, "y": 0.0, "radius": 2.25}, {"x": 5.5, "y": 4.0, "radius": 2.25}]', NULL, '2026-11-20 09:20:40+00', '2026-11-20 09:20:46.605+00', '2026-11-28 02:16:45.510481+00', 8, '9c5867e36c8c78bb', 11);
INSERT INTO public.ratings VALUES (25, '0000000000000000000000000000003f', 'qXQ31585pKmDBDBMLzVmAg', 'cZ8mrifDaDzgOcyeKUJYIg', 'MmIB_aAm4bOw-ffM2kxwyA', 'GV1fQY5m1LAMSJ_ERgu8NQ', 'grade', 4, NULL, '[]', NULL, '2026-11-20 09:21:00+00', '2026-11-20 09:21:06.606+00', '2026-11-28 02:16:45.532089+00', 9, '9c5867e36c8c78bb', 11);
INSERT INTO public.ratings VALUES (26, '00000000000000000000000000000040', 'o3noKNDNANQE1uXBQJUiDQ', 'cZ8mrifDaDzgOcyeKUJYIg', 'MmIB_aAm4bOw-ffM2kxwyA', 'ncEDVdlAzQy7tWfc1y2JNw', 'grade', 1, NULL, '[{"x": 0.0, "y": 0.0, "radius": 2.25}]', NULL, '2026-11-20 09:21:20+00', '2026-11-20 09:21:26.607+00', '2026-11-28 02:16:45.566404+00', 10, '9c5867e36c8c78bb', 11);
INSERT INTO public.ratings VALUES (27, '00000000000000000000000000000041', 'WQVJ5tZmCW4_hxRtGOkAng', 'cZ8mrifDaDzgOcyeKUJYIg', 'E-mfP9tdIHMN8DWw0lvxug', 'q267ht5fqmwAbpEbJAbz9Q', 'grade', 1, NULL, '[{"x": 0.0, "y": 0.0, "radius": 2.25}, {"x": 5.5, "y": 4.0, "radius": 2.25}]', NULL, '2026-11-20 09:21:40+00', '2026-11-20 09:21:46.608+00', '2026-11-28 02:16:45.663532+00', 0, '9c5867e36c8c78bb', 11);
INSERT INTO public.ratings VALUES (28, '00000000000000000000000000000042', 'AZkLFOix6nGIuJpXz1EURw', 'cZ8mrifDaDzgOcyeKUJYIg', 'E-mfP9tdIHMN8DWw0lvxug', 'IPzWDDEYLETTubSxnmHeQg', 'grade', 4, NULL, '[]', NULL, '2026-11-20 09:22:00+00', '2026-11-20 09:22:06.609+00', '2026-11-28 02:16:45.706458+00', 1, '9c5867e36c8c78bb', 11);
INSERT INTO public.ratings VALUES (29, '00000000000000000000000000000043', 'Nsc79OgLQ1v-jZa0LjFD8Q', 'cZ8mrifDaDzgOcyeKUJYIg', 'E-mfP9tdIHMN8DWw0lvxug', 'AzOE1yA34ybn4jikOOLbNA', 'cannot', NULL, 'Out of focus
@Rita saw it, too', NULL, NULL, '2026-11-20 09:22:20+00', '2026-11-20 09:22:26.61+00', '2026-11-28 02:16:45.743457+00', 2, '9c5867e36c8c78bb', 11);
INSERT INTO public.ratings VALUES (30, '00000000000000000000000000000044', 'dEslbEzUkQ_0es2Pv3ywyA', 'cZ8mrifDaDzgOcyeKUJYIg', 'E-mfP9tdIHMN8DWw0lvxug', '5E-xwNUEjHj6F70XyY1law', 'grade', 5, NULL, '[{"x": 0.0, "y": 0.0, "radius": 2.25}, {"x": 5.5, "y": 4.0, "radius": 2.25}]', NULL, '2026-11-20 09:22:40+00', '2026-11-20 09:22:46.611+00', '2026-11-28 02:16:45.778769+00', 3, '9c5867e36c8c78bb', 11);
INSERT INTO public.ratings VALUES (31, '00000000000000000000000000000045', 'dEslbEzUkQ_0es2Pv3ywyA', 'cZ8mrifDaDzgOcyeKUJYIg', 'E-mfP9tdIHMN8DWw0lvxug', '5E-xwNUEjHj6F70XyY1law', 'grade', 4, NULL, '[]', '00000000000000000000000000000044', '2026-11-20 09:23:00+00', '2026-11-20 09:23:06.612+00', '2026-11-28 02:16:45.818806+00', 3, '9c5867e36c8c78bb', 11);
INSERT INTO public.ratings VALUES (32, '00000000000000000000000000000046', 'g4-rwPdUzHLDOqtpiW01BA', 'cZ8mrifDaDzgOcyeKUJYIg', 'E-mfP9tdIHMN8DWw0lvxug', 'VVKVP9QBsY5mFSjRgfvZng', 'grade', 3, NULL, '[{"x": 0.0, "y": 0.0, "radius": 2.25}]', NULL, '2026-11-20 09:23:20+00', '2026-11-20 09:23:26.613+00', '2026-11-28 02:16:45.87479+00', 4, '9c5867e36c8c78bb', 11);
INSERT INTO public.ratings VALUES (33, '00000000000000000000000000000047', 'g4-rwPdUzHLDOqtpiW01BA', 'cZ8mrifDaDzgOcyeKUJYIg', 'E-mfP9tdIHMN8DWw0lvxug', 'VVKVP9QBsY5mFSjRgfvZng', 'undone', NULL, NULL, NULL, '00000000000000000000000000000046', '2026-11-20 09:23:40+00', '2026-11-20 09:23:46.614+00', '2026-11-28 02:16:45.911706+00', 4, '9c5867e36c8c78bb', 11);
INSERT INTO public.ratings VALUES (34, '00000000000000000000000000000048', 'IiFfc1CsxFTlOMdDtlXtWQ', 'cZ8mrifDaDzgOcyeKUJYIg', 'E-mfP9tdIHMN8DWw0lvxug', 'ac2x1u342N2-oCaEqPDeBQ', 'grade', 1, NULL, '[]', NULL, '2026-11-20 09:24:00+00', '2026-11-20 09:24:06.615+00', '2026-11-28 02:16:45.974605+00', 5, '9c5867e36c8c78bb', 11);
INSERT INTO public.ratings VALUES (35, '00000000000000000000000000000049', 'WJIEKSBj9KRE5PgcnjZ9Aw', 'cZ8mrifDaDzgOcyeKUJYIg', 'E-mfP9tdIHMN8DWw0lvxug', 'IPzWDDEYLETTubSxnmHeQg', 'grade', 4, NULL, '[{"x": 0.0, "y": 0.0, "radius": 2.25}]', NULL, '2026-11-20 09:24:20+00', '2026-11-20 09:24:26.616+00', '2026-11-28 02:16:46.039535+00', 6, '9c5867e36c8c78bb', 11);
INSERT INTO public.ratings VALUES (36, '0000000000000000000000000000004a', 'zx28UQUgP4CmXpiXbM5Pug', 'cZ8mrifDaDzgOcyeKUJYIg', 'pi9p7CalSW0a_3kWhFb2Fg', 'IPzWDDEYLETTubSxnmHeQg', 'grade', 3, NULL, '[{"x": 0.0, "y": 0.0, "radius": 2.25}, {"x": 5.5, "y": 4.0, "radius": 2.25}]', NULL, '2026-11-20 09:24:40+00', '2026-11-20 09:24:46.617+00', '2026-11-28 02:16:46.578757+00', 0, '9c5867e36c8c78bb', 11);
INSERT INTO public.ratings VALUES (37, '0000000000000000000000000000004b', 'Lx7ss2E-YXxtEple2HVyJQ', 'cZ8mrifDaDzgOcyeKUJYIg', 'pi9p7CalSW0a_3kWhFb2Fg', 'eFJNBMg3_GV0HU-BBMks1w', 'grade', 3, NULL, '[]', NULL, '2026-11-20 09:25:00+00', '2026-11-20 09:25:06.618+00', '2026-11-28 02:16:46.602978+00', 1, '9c5867e36c8c78bb', 11);
INSERT INTO public.ratings VALUES (38, '0000000000000000000000000000004c', 't5dbN-TD-lhqHqRB1g5jSg', 'cZ8mrifDaDzgOcyeKUJYIg', 'pi9p7CalSW0a_3kWhFb2Fg', '5E-xwNUEjHj6F70XyY1law', 'grade', 3, NULL, '[{"x": 0.0, "y": 0.0, "radius": 2.25}]', NULL, '2026-11-20 09:25:20+00', '2026-11-20 09:25:26.619+00', '2026-11-28 02:16:46.658412+00', 2, '9c5867e36c8c78bb', 11);
INSERT INTO public.ratings VALUES (39, '0000000000000000000000000000004d', '15wwFzN9goLbNiLaMV2iJw', 'cZ8mrifDaDzgOcyeKUJYIg', 'pi9p7CalSW0a_3kWhFb2Fg', 'ncEDVdlAzQy7tWfc1y2JNw', 'grade', 3, NULL, '[{"x": 0.0, "y": 0.0, "radius": 2.25}, {"x": 5.5, "y": 4.0, "radius": 2.25}]', NULL, '2026-11-20 09:25:40+00', '2026-11-20 09:25:46.62+00', '2026-11-28 02:16:46.696017+00', 3, '9c5867e36c8c78bb', 11);


--
-- Data for Name: sign_ins; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.sign_ins VALUES ('abc3beb61c13fb7bfd7db8a28cbf61c09e9d32e25a781dd28aefbdaec740e3f5', 'gt4DjMpetQKVQcexK1ctsg', 'ARJbhqeaSWCCdLutJlMN0Fe7NP26I-6Rt_qcUsFByaw', '2026-11-28 02:16:38.106574+00', '2026-11-28 02:16:38.106574+00', '2026-12-05 02:16:38.106574+00');
INSERT INTO public.sign_ins VALUES ('aa49dd037e92bfc26ad7bb3014bf8906a87a3cd9e034c6a11511a1bc35fb48fa', 'pi9p7CalSW0a_3kWhFb2Fg', 'Aw5aQP5Ynhwdmmx8bLZBsMM_H95jzuj9AN3HoQMEaX0', '2026-11-28 02:16:39.118699+00', '2026-11-28 02:16:39.118699+00', '2026-12-05 02:16:39.118699+00');
INSERT INTO public.sign_ins VALUES ('8fc9a4eb191062173e5e0cba3d5cc9c4e654635400934b94ffa5a3a20abeadd0', 'ml4f3tY46W1oqkLAuIxWWQ', 'p6W5cuh46LZWvEh-hA0RijN6KYVwp7OPHLi7rCoZQ7I', '2026-11-28 02:16:40.751899+00', '2026-11-28 02:16:40.751899+00', '2026-12-05 02:16:40.751899+00');
INSERT INTO public.sign_ins VALUES ('e03989321f9b151762a3d09d4c3080df16a860d33b38ad2b0f247aa10b5bc501', 'CSO0p3S1nXXYloz0myVDmw', 'UwejV3CaaTBb28gGplzC2lQHzL_JlQYKhbU3KV9wEFU', '2026-11-28 02:16:42.466328+00', '2026-11-28 02:16:42.466328+00', '2026-12-05 02:16:42.466328+00');
INSERT INTO public.sign_ins VALUES ('b9d06c37d5776548ec9e2c1a7361b35d15023095efe2c2fff95ca0da3144dd3b', 'E-mfP9tdIHMN8DWw0lvxug', 'EFbPvi9l_b8XDxXkc5ujBhm43I1kUkHHU2cVAI3YmmA', '2026-11-28 02:16:44.156539+00', '2026-11-28 02:16:44.156539+00', '2026-12-05 02:16:44.156539+00');


--
-- Data for Name: studies; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.studies VALUES ('cZ8mrifDaDzgOcyeKUJYIg', 'Spring, =1+1', 'acne-5', '{"scale": "acne-5", "title": "Acne severity", "low": 1.0, "high": 5.0, "levels": [{"value": 1, "label": "Clear", "start": 1.0, "words": "No comedones and no inflamed lesions."}, {"value": 2, "label": "Almost clear", "start": 1.5, "words": "A few scattered comedones; at most one small inflamed lesion."}, {"value": 3, "label": "Mild", "start": 2.5, "words": "Some comedones; a few papules or pustules at most, no nodule."}, {"value": 4, "label": "Moderate", "start": 3.5, "words": "Up to many comedones; some papules and pustules, at most one small nodule."}, {"value": 5, "label": "Severe", "start": 4.5, "words": "Up to many comedones and inflamed lesions, with no more than a few nodules."}], "source": "Five-point global severity with the names of the FDA''s Investigator''s Global Assessment (2018 guidance on acne vulgaris), read as a regression scale from 1 to 5.", "note": "Where no model was trained on 1-5 labels the score is mapped from the lesion count on half a face: see acne_5_from_count.", "task": "Grade the acne of the whole face as far as the photo shows it.", "words_source": "After the Investigator''s Global Assessment in the FDA''s guidance on acne vulgaris of 2018, in words of our own.", "pictures": [{"grade": 1.0, "digest": "77e4ef05e3f0f8347eaaf62809c2c5b72357013f4533c270d3ef16be91d3d328", "key": "alxMczdPWqOrr8nON0bi3w"}, {"grade": 3.0, "digest": "978f85892c87ac48c9a4394c842db9ccef4ed5e3f768113112fa9ae4c5cc32d6", "key": "rJmIbTQ8cWTaxXPNXDOrrw"}, {"grade": 5.0, "digest": "b83548cb17232b2ccf3a503f698a1572d5a1045d2069aeb090234e031237993d", "key": "mAA_GhZH2t9lOPU1U15GIA"}], "pictures_note": "Drawn, not photos."}', '9c5867e36c8c78bb', 11, 2, 0.25, true, 'closed', 'ml4f3tY46W1oqkLAuIxWWQ', '2026-11-28 02:16:40.764449+00', '2026-11-28 02:16:44.197311+00', '2026-11-28 02:16:44.408239+00', '2026-11-28 02:16:46.710892+00');
INSERT INTO public.studies VALUES ('KrOY2vRHD_K-x1UQ4dlT1A', 'A draft', 'pigment-9', '{"scale": "pigment-9", "title": "Mottled hyperpigmentation", "low": 0.0, "high": 9.0, "levels": [{"value": 0.0, "label": "None", "start": 0.0, "words": "None: an even tone."}, {"value": 0.5, "label": "Mild", "start": 0.5, "words": ""}, {"value": 1.0, "label": "Mild", "start": 0.75, "words": "Very few small spots, hardly darker than the skin; seen only from near."}, {"value": 1.5, "label": "Mild", "start": 1.25, "words": ""}, {"value": 2.0, "label": "Mild", "start": 1.75, "words": "Few small spots, faint, on a small share of one part of the face."}, {"value": 2.5, "label": "Mild", "start": 2.25, "words": ""}, {"value": 3.0, "label": "Mild", "start": 2.75, "words": "Several small spots, faint or in one place; not obvious from a distance."}, {"value": 3.5, "label": "Moderate", "start": 3.5, "words": ""}, {"value": 4.0, "label": "Moderate", "start": 3.75, "words": "Spots are obvious: many but faint, or few and clearly darker in one place."}, {"value": 4.5, "label": "Moderate", "start": 4.25, "words": ""}, {"value": 5.0, "label": "Moderate", "start": 4.75, "words": "Faint spots over most of the face, or pronounced ones on a part of it."}, {"value": 5.5, "label": "Moderate", "start": 5.25, "words": ""}, {"value": 6.0, "label": "Moderate", "start": 5.75, "words": "Faint spots over the whole face, or very pronounced ones on a larger part."}, {"value": 6.5, "label": "Severe", "start": 6.5, "words": ""}, {"value": 7.0, "label": "Severe", "start": 6.75, "words": "Patches clearly darker than the skin, on several parts; seen from a distance."}, {"value": 7.5, "label": "Severe", "start": 7.25, "words": ""}, {"value": 8.0, "label": "Severe", "start": 7.75, "words": "Dark patches over most of the face, running together, some pale spots between."}, {"value": 8.5, "label": "Severe", "start": 8.25, "words": ""}, {"value": 9.0, "label": "Severe", "start": 8.75, "words": "Very dark patches over the whole face, mottled with pale spots."}], "source": "A modified Griffiths scale: Griffiths CE et al. A photonumeric scale for the assessment of cutaneous photodamage. Arch Dermatol 1992;128(3):347-351.", "note": "The original goes from 0 to 8; this one from 0 to 9 in half steps, so figures do not carry over unchanged.", "task": "Grade brown spots and patches by their number, their contrast with the skin around, the share of the face that they cover and how far they spread. Redness, shadows and moles do not count.", "words_source": "After the criteria of a study of mottled hyperpigmentation (none 0, mild 1-3, moderate 4-6, severe 7-9), spelt out by number, contrast, coverage and spread."}', '9051cc8f585726f3', 1, NULL, 0.1, false, 'draft', 'ml4f3tY46W1oqkLAuIxWWQ', '2026-11-28 02:16:46.771894+00', NULL, NULL, NULL);


--
-- Data for Name: study_photos; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.study_photos VALUES ('eFJNBMg3_GV0HU-BBMks1w', 'cZ8mrifDaDzgOcyeKUJYIg', '=0.png', 'person 0', 'iA4obKIBSsTVYEL-axmPgw', 'e3221d53480fdb1c842e7782acae7080a143ad15d008759f56f1919b5e722a03', 64, 48, 'ordinary', NULL);
INSERT INTO public.study_photos VALUES ('ncEDVdlAzQy7tWfc1y2JNw', 'cZ8mrifDaDzgOcyeKUJYIg', 'wérk/01.png', 'person 0', '8XKn58fCUj29S4AhYouNew', '2e56ba980f43e2ba0a79a5d48331aa6890ce710c7d1ecde1d6c9ffdc27dfeb3f', 64, 48, 'ordinary', NULL);
INSERT INTO public.study_photos VALUES ('GV1fQY5m1LAMSJ_ERgu8NQ', 'cZ8mrifDaDzgOcyeKUJYIg', 'wérk/02.png', 'person 1', 'dYckn3eY2lJtFNy5nNDN7g', 'f7aeb6c1cf8e22ae05757ad66d158a85f580a3b6a597a81d4e965ffff4002561', 64, 48, 'ordinary', NULL);
INSERT INTO public.study_photos VALUES ('ac2x1u342N2-oCaEqPDeBQ', 'cZ8mrifDaDzgOcyeKUJYIg', 'wérk/03.png', 'person 1', 'WcnG9QMn8_32ejc_Lu6wZQ', '47014a4118f88d9c91d4e2c4026259f63955c52d27b6f2b9248f4ecc3d05c14f', 64, 48, 'golden', 2.5);
INSERT INTO public.study_photos VALUES ('IPzWDDEYLETTubSxnmHeQg', 'cZ8mrifDaDzgOcyeKUJYIg', 'wérk/04.png', 'person 2', 'Gepr-rEGjfGYDCXEo7xMqw', '4e3085fa4a3af6a6411a6057752e1c9d85cdab8cd36eb3b63e4de3135159a78a', 64, 48, 'ordinary', NULL);
INSERT INTO public.study_photos VALUES ('YI4aP3slL66gebfWGsxBHg', 'cZ8mrifDaDzgOcyeKUJYIg', 'wérk/05.png', 'person 2', '7YidhHyGfQCWaFRjXnZ-sg', '3943cc94f926c331fbe142c08e6133ff3c737226ea88af7b9c9d1318c564fdff', 64, 48, 'ordinary', NULL);
INSERT INTO public.study_photos VALUES ('VWL0UEA0AmCh-CJz3AUUig', 'cZ8mrifDaDzgOcyeKUJYIg', 'wérk/06.png', 'person 3', 'gq5zk7eppNNbfDGbk81f3Q', '247c7492ce5d266ff4800ac28851ffc42b4eddca8f01ceed65f7e55a40e000d9', 64, 48, 'ordinary', NULL);
INSERT INTO public.study_photos VALUES ('AzOE1yA34ybn4jikOOLbNA', 'cZ8mrifDaDzgOcyeKUJYIg', 'wérk/07.png', 'person 3', '8Hs4c01gGf18PEhdEhuYKw', '66bd7bcdcb60ae5ec197ce89eb8f0cf05495aeb2a18fbf4da9d90dde3eecd58a', 64, 48, 'golden', 2.5);
INSERT INTO public.study_photos VALUES ('5E-xwNUEjHj6F70XyY1law', 'cZ8mrifDaDzgOcyeKUJYIg', 'wérk/08.png', 'person 4', '8-iTbwnij7eg8pbAuxGDNA', '592cd59534d64f011a67d9f3eb4024c9da68de1c6b69f3d03672200c0c7ff28c', 64, 48, 'ordinary', NULL);
INSERT INTO public.study_photos VALUES ('eAXw2kWDr-NrDHdw2dG2Uw', 'cZ8mrifDaDzgOcyeKUJYIg', 'wérk/09.png', 'person 4', '9w77wtokFiga9RLJ9YZZrQ', '5bfd26b0252ec5176d67c2659428a09f6b59576ede67bb164ab14e203d4d63f7', 64, 48, 'ordinary', NULL);
INSERT INTO public.study_photos VALUES ('VVKVP9QBsY5mFSjRgfvZng', 'cZ8mrifDaDzgOcyeKUJYIg', 'wérk/10.png', 'person 5', 'RrVuEArdoLdnJFhr1ZpHHQ', 'e11d48942ee91c4b6e1cdf9a6254cbcdd9944569748a5d5d3bd806c166b43bec', 64, 48, 'ordinary', NULL);
INSERT INTO public.study_photos VALUES ('q267ht5fqmwAbpEbJAbz9Q', 'cZ8mrifDaDzgOcyeKUJYIg', 'wérk/11.png', 'person 5', 'HIUhO_OMU1INGOshEM1bxw', 'c4bd96c7739c96bcee9e3d6692b89449127e203d49a636ed5c6e74032c82f615', 64, 48, 'calibration', 2.5);


--
-- Data for Name: study_raters; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.study_raters VALUES ('cZ8mrifDaDzgOcyeKUJYIg', 'CSO0p3S1nXXYloz0myVDmw', 'R01', '2026-11-28 02:16:42.431149+00', NULL);
INSERT INTO public.study_raters VALUES ('cZ8mrifDaDzgOcyeKUJYIg', 'MmIB_aAm4bOw-ffM2kxwyA', 'R02', '2026-11-28 02:16:43.234832+00', NULL);
INSERT INTO public.study_raters VALUES ('cZ8mrifDaDzgOcyeKUJYIg', 'E-mfP9tdIHMN8DWw0lvxug', 'R03', '2026-11-28 02:16:44.130727+00', '2026-11-28 02:16:46.086332+00');
INSERT INTO public.study_raters VALUES ('cZ8mrifDaDzgOcyeKUJYIg', 'pi9p7CalSW0a_3kWhFb2Fg', 'A01', '2026-11-28 02:16:46.45447+00', NULL);


--
-- Name: audit_number_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.audit_number_seq', 38, true);


--
-- Name: ratings_number_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.ratings_number_seq', 39, true);


--
-- Name: alembic_version alembic_version_pkc; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.alembic_version
    ADD CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num);


--
-- Name: audit pk_audit; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.audit
    ADD CONSTRAINT pk_audit PRIMARY KEY (number);


--
-- Name: invitations pk_invitations; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.invitations
    ADD CONSTRAINT pk_invitations PRIMARY KEY (digest);


--
-- Name: items pk_items; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.items
    ADD CONSTRAINT pk_items PRIMARY KEY (id);


--
-- Name: persons pk_persons; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.persons
    ADD CONSTRAINT pk_persons PRIMARY KEY (id);


--
-- Name: ratings pk_ratings; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.ratings
    ADD CONSTRAINT pk_ratings PRIMARY KEY (number);


--
-- Name: sign_ins pk_sign_ins; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.sign_ins
    ADD CONSTRAINT pk_sign_ins PRIMARY KEY (digest);


--
-- Name: studies pk_studies; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.studies
    ADD CONSTRAINT pk_studies PRIMARY KEY (id);


--
-- Name: study_photos pk_study_photos; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.study_photos
    ADD CONSTRAINT pk_study_photos PRIMARY KEY (id);


--
-- Name: study_raters pk_study_raters; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.study_raters
    ADD CONSTRAINT pk_study_raters PRIMARY KEY (study_id, person_id);


--
-- Name: items uq_items_study_id_person_id_position; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.items
    ADD CONSTRAINT uq_items_study_id_person_id_position UNIQUE (study_id, person_id, "position");


--
-- Name: persons uq_persons_email; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.persons
    ADD CONSTRAINT uq_persons_email UNIQUE (email);


--
-- Name: persons uq_persons_issuer_subject; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.persons
    ADD CONSTRAINT uq_persons_issuer_subject UNIQUE (issuer, subject);


--
-- Name: ratings uq_ratings_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.ratings
    ADD CONSTRAINT uq_ratings_key UNIQUE (key);


--
-- Name: study_photos uq_study_photos_study_id_name; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.study_photos
    ADD CONSTRAINT uq_study_photos_study_id_name UNIQUE (study_id, name);


--
-- Name: study_raters uq_study_raters_study_id_code; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.study_raters
    ADD CONSTRAINT uq_study_raters_study_id_code UNIQUE (study_id, code);


--
-- Name: ix_audit_study_id; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX ix_audit_study_id ON public.audit USING btree (study_id);


--
-- Name: ix_invitations_study_id; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX ix_invitations_study_id ON public.invitations USING btree (study_id);


--
-- Name: ix_items_photo_id; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX ix_items_photo_id ON public.items USING btree (photo_id);


--
-- Name: ix_ratings_item_id; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX ix_ratings_item_id ON public.ratings USING btree (item_id);


--
-- Name: ix_ratings_study_id_person_id; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX ix_ratings_study_id_person_id ON public.ratings USING btree (study_id, person_id);


--
-- Name: ix_sign_ins_person_id; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX ix_sign_ins_person_id ON public.sign_ins USING btree (person_id);


--
-- Name: ix_study_photos_study_id; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX ix_study_photos_study_id ON public.study_photos USING btree (study_id);


--
-- Name: audit audit_only_grows; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER audit_only_grows BEFORE DELETE OR UPDATE OR TRUNCATE ON public.audit FOR EACH STATEMENT EXECUTE FUNCTION public.audit_refuse();


--
-- Name: ratings ratings_only_grows; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER ratings_only_grows BEFORE DELETE OR UPDATE OR TRUNCATE ON public.ratings FOR EACH STATEMENT EXECUTE FUNCTION public.ratings_refuse();


--
-- Name: invitations fk_invitations_invited_by; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.invitations
    ADD CONSTRAINT fk_invitations_invited_by FOREIGN KEY (invited_by) REFERENCES public.persons(id);


--
-- Name: invitations fk_invitations_study_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.invitations
    ADD CONSTRAINT fk_invitations_study_id FOREIGN KEY (study_id) REFERENCES public.studies(id);


--
-- Name: invitations fk_invitations_used_by; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.invitations
    ADD CONSTRAINT fk_invitations_used_by FOREIGN KEY (used_by) REFERENCES public.persons(id);


--
-- Name: items fk_items_person_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.items
    ADD CONSTRAINT fk_items_person_id FOREIGN KEY (person_id) REFERENCES public.persons(id);


--
-- Name: items fk_items_photo_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.items
    ADD CONSTRAINT fk_items_photo_id FOREIGN KEY (photo_id) REFERENCES public.study_photos(id);


--
-- Name: items fk_items_study_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.items
    ADD CONSTRAINT fk_items_study_id FOREIGN KEY (study_id) REFERENCES public.studies(id);


--
-- Name: ratings fk_ratings_item_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.ratings
    ADD CONSTRAINT fk_ratings_item_id FOREIGN KEY (item_id) REFERENCES public.items(id);


--
-- Name: ratings fk_ratings_person_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.ratings
    ADD CONSTRAINT fk_ratings_person_id FOREIGN KEY (person_id) REFERENCES public.persons(id);


--
-- Name: ratings fk_ratings_photo_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.ratings
    ADD CONSTRAINT fk_ratings_photo_id FOREIGN KEY (photo_id) REFERENCES public.study_photos(id);


--
-- Name: ratings fk_ratings_study_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.ratings
    ADD CONSTRAINT fk_ratings_study_id FOREIGN KEY (study_id) REFERENCES public.studies(id);


--
-- Name: sign_ins fk_sign_ins_person_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.sign_ins
    ADD CONSTRAINT fk_sign_ins_person_id FOREIGN KEY (person_id) REFERENCES public.persons(id);


--
-- Name: studies fk_studies_created_by; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.studies
    ADD CONSTRAINT fk_studies_created_by FOREIGN KEY (created_by) REFERENCES public.persons(id);


--
-- Name: study_photos fk_study_photos_study_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.study_photos
    ADD CONSTRAINT fk_study_photos_study_id FOREIGN KEY (study_id) REFERENCES public.studies(id);


--
-- Name: study_raters fk_study_raters_person_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.study_raters
    ADD CONSTRAINT fk_study_raters_person_id FOREIGN KEY (person_id) REFERENCES public.persons(id);


--
-- Name: study_raters fk_study_raters_study_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.study_raters
    ADD CONSTRAINT fk_study_raters_study_id FOREIGN KEY (study_id) REFERENCES public.studies(id);


--
-- PostgreSQL database dump complete
--

\unrestrict vqkSQ4CruRzyiHjS46Wde96Keh5VoxrV1ORY91w6GiHHUn2rcvAMB2oMId5oa3s

