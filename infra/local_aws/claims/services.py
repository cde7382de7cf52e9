"""The claims, service by service. A service that is not listed here is moto's, in memory, and is not checked."""

from __future__ import annotations

from .conditions import different, has_any, unless_queued, without_docker
from .types import Level, Refusal, Service

_NO_DOCKER = "this machine has no Docker"
_NO_MODEL = "No model runs here, so the response would be made up."
_NO_CLUSTER = "No cluster runs here, so the work would never be done."
_NO_QUERY = "It can't read the data, so the response would have no rows."
_UNLESS_QUEUED = "no result was queued through moto's own API"


def _refused(name: str, does: str, reason: str, *operations: str, signs_as: str = "") -> Service:
    """A service that refuses its actual work; its resources can be recorded."""
    return Service(name, Level.REFUSED, does, refused=(Refusal(operations, reason),), signs_as=signs_as)


_RUNS = (
    Service(
        "s3",
        Level.RUNS,
        "Objects are plain files below the state directory; versions and delete markers, tags, access control lists, "
        "conditional writes, multipart uploads, ranges, restores; lifecycle rules expire objects.",
        "Replication, inventories and transitions to other storage classes are recorded but never carried out. "
        "Objects are not encrypted, whatever encryption is reported, and can't be locked. Incomplete uploads are "
        "lost after a restart.",
        (
            Refusal(
                (
                    *("*Abac", "*AnalyticsConfiguration*", "*IntelligentTieringConfiguration*"),
                    *("*MetricsConfiguration*", "*MetadataConfiguration", "*MetadataTableConfiguration"),
                    *("UpdateBucketMetadata*", "*RequestPayment", "*ObjectAnnotation*", "UpdateObjectEncryption"),
                    *("DeleteBucketInventoryConfiguration", "RenameObject", "GetObjectTorrent", "CreateSession"),
                ),
                "moto would treat it as another operation, on the whole bucket or object.",
            ),
            Refusal(
                ("PutObjectLockConfiguration", "*ObjectRetention", "PutObjectLegalHold"),
                "Objects are plain files that can't be locked.",
            ),
        ),
        marks=frozenset(
            (
                *("abac", "analytics", "intelligent-tiering", "metrics", "metadataConfiguration", "metadataTable"),
                *("metadataAnnotationTable", "metadataInventoryTable", "metadataJournalTable", "requestPayment"),
                *("annotation", "encryption", "inventory", "renameObject", "torrent", "session", "object-lock"),
                *("retention", "legal-hold"),
            )
        ),
    ),
    Service(
        "glue",
        Level.RUNS,
        "Job runs start spark-submit (or Python) on the script in S3; crawlers read the data and write the catalog; "
        "catalog, classifiers. Triggers start jobs and crawlers: on demand, by schedule, or after others have ended.",
        "Triggers of type EVENT or with a workflow are refused, as are unsupported settings of a crawler. "
        "A schedule does not catch up on minutes when the server was down. Connections are records.",
        refused=(
            Refusal(("StartWorkflowRun",), "Workflows are only recorded; their jobs would not start."),
            Refusal(
                ("CreateSession", "CreateDevEndpoint"),
                "No interactive Spark runs here, so its statements would never be executed. Start a job instead.",
            ),
        ),
    ),
    Service(
        "redshift-data",
        Level.RUNS,
        "Statements are translated from Redshift's SQL and executed by PostgreSQL; batches are transactions; COPY and "
        "UNLOAD read and write text, JSON and columnar files in S3, and record errors in `stl_load_errors`; external "
        "schemas read the Glue catalog.",
        "One workgroup, no cluster. At most 20 sessions at a time, no results as CSV. No COPY of Avro, Shapefile or "
        "LZOP files, from DynamoDB, EMR or SSH, and no encryption on the client's side.",
    ),
    Service(
        "redshift",
        Level.RUNS,
        "`GetClusterCredentials` and `GetClusterCredentialsWithIAM` give out temporary passwords that open the "
        "warehouse; clusters are described at its address.",
        "There is one warehouse: every cluster is it. Clusters and snapshots that are created are records. Groups of "
        "`DbGroups` are joined by all sessions of the user, until the password expires.",
    ),
    Service(
        "redshift-serverless",
        Level.RUNS,
        "`GetCredentials` gives out temporary passwords that open the warehouse; its workgroup and namespace are "
        "described.",
        "There is one warehouse, which no call changes.",
    ),
    Service(
        "stepfunctions",
        Level.RUNS,
        "Executions follow the state machine: choices, maps, parallel branches, waits, retries; tasks call this local "
        "AWS.",
        "Tasks have the administrator's permissions. A Lambda task needs Docker.",
        signs_as="states",
    ),
    Service(
        "cloudwatch",
        Level.RUNS,
        "Alarms on metrics and metric math are evaluated and notify SNS topics; metrics, dashboards.",
        "AWS's own metrics (`AWS/…`, `Glue`) have no data. Composite alarms, anomaly detection and actions other than "
        "SNS are refused.",
        signs_as="monitoring",
    ),
)
_IN_MEMORY = (
    Service(
        "iam",
        Level.RECORDS,
        "Roles, users, policies and everything else are recorded. Calls with the credentials of a role, or with a "
        "user's access key, are checked against its policies.",
        "Policies of keys, topics, queues and secrets are not evaluated; `iam:PassRole` is not checked.",
    ),
    Service("sts", Level.RECORDS, "Roles are assumed; the sessions' credentials work until they expire."),
    Service(
        "secretsmanager",
        Level.RECORDS,
        "Secrets and all their versions.",
        refused=(
            Refusal(
                ("RotateSecret",),
                "A Lambda function does the rotation, and there is no Docker to run it: nothing would be rotated.",
                without_docker,
                _NO_DOCKER,
            ),
        ),
    ),
    Service(
        "sns",
        Level.RECORDS,
        "Messages reach SQS queues and HTTP endpoints, and are files below the state directory.",
        "No e-mail or text message leaves the machine; a Lambda subscription needs Docker.",
    ),
    Service("sqs", Level.RECORDS, "Queues, FIFO queues, dead letters, visibility timeouts."),
    Service(
        "logs",
        Level.RECORDS,
        "Groups, streams, events, filters, Insights queries over them.",
        "A metric filter creates no metrics. Retention deletes nothing.",
    ),
    Service("kms", Level.RECORDS, "Keys really encrypt, sign and verify."),
    Service(
        "ssm",
        Level.RECORDS,
        "Parameters with versions and labels; documents are records.",
        refused=(
            Refusal(("SendCommand", "StartAutomationExecution"), "No instance runs here that could execute a command."),
        ),
    ),
    Service(
        "dynamodb",
        Level.RECORDS,
        "Tables, items, transactions, PartiQL, streams, exports to and imports from S3.",
        "Throughput limits and time to live have no effect.",
    ),
    Service("kinesis", Level.RECORDS, "Streams, shards, records.", "Retention deletes nothing."),
    Service(
        "firehose",
        Level.RECORDS,
        "Records are written to S3 (or to the HTTP endpoint) at once, one object per call.",
        "No buffering, format conversion or Lambda transformation.",
        (
            Refusal(
                ("CreateDeliveryStream",),
                "It would not deliver anything from a Kinesis stream. Use DirectPut and put the records.",
                different("DeliveryStreamType", None, "DirectPut"),
                "its source is not DirectPut",
            ),
            Refusal(
                ("CreateDeliveryStream",),
                "It only delivers to S3 and HTTP endpoints, so records for any other destination would be lost.",
                has_any(
                    "RedshiftDestinationConfiguration",
                    "ElasticsearchDestinationConfiguration",
                    "AmazonopensearchserviceDestinationConfiguration",
                    "AmazonOpenSearchServerlessDestinationConfiguration",
                    "SplunkDestinationConfiguration",
                    "SnowflakeDestinationConfiguration",
                    "IcebergDestinationConfiguration",
                ),
                "its destination is not S3 or HTTP",
            ),
        ),
    ),
    Service(
        "events",
        Level.RECORDS,
        "Events reach log groups, SQS queues, archives and other buses that match a rule's pattern.",
        "A rule with a schedule never fires. An event for any other target returns an error.",
    ),
    Service("scheduler", Level.RECORDS, "Schedules are recorded.", "They never fire."),
    Service(
        "lambda",
        Level.RECORDS,
        "Functions, versions, layers; invocations run in Docker if it is available.",
        refused=(
            Refusal(
                ("Invoke", "InvokeAsync", "InvokeWithResponseStream"),
                "Functions run in Docker containers, and no Docker responds on this machine.",
                without_docker,
                _NO_DOCKER,
            ),
        ),
    ),
    Service(
        "batch",
        Level.RECORDS,
        "Queues, environments and definitions; jobs run in Docker if it is available.",
        refused=(
            Refusal(
                ("SubmitJob",),
                "Jobs run in Docker containers, and no Docker responds on this machine.",
                without_docker,
                _NO_DOCKER,
            ),
        ),
    ),
    Service("cloudformation", Level.RECORDS, "A stack creates its resources here.", "Only types that moto supports."),
    Service("ec2", Level.RECORDS, "Networks, instances and volumes are records.", "No machine runs."),
    Service(
        "rds",
        Level.RECORDS,
        "Instances, clusters and snapshots are records.",
        "No database runs.",
        (Refusal(("StartExportTask",), "There is no data to export."),),
    ),
    Service("ses", Level.RECORDS, "E-mail is recorded.", "None leaves the machine."),
    Service("sesv2", Level.RECORDS, "E-mail is recorded.", "None leaves the machine.", (), "ses"),
    Service("route53", Level.RECORDS, "Zones and records.", "No name is resolved."),
    Service("apigateway", Level.RECORDS, "Interfaces, stages, keys."),
    Service("cognito-idp", Level.RECORDS, "User pools; sign-up and sign-in, with tokens that verify."),
)
_REFUSED = (
    Service(
        "athena",
        Level.REFUSED,
        "Work groups, named queries and data catalogs are recorded.",
        refused=(
            Refusal(
                ("StartQueryExecution",),
                f"{_NO_QUERY} Use the Redshift Data API: external schemas read the Glue catalog.",
                unless_queued("moto.athena.models", "athena_backends", "query_results_queue"),
                _UNLESS_QUEUED,
            ),
        ),
    ),
    Service(
        "rds-data",
        Level.REFUSED,
        "Nothing.",
        refused=(
            Refusal(
                ("ExecuteStatement",),
                f"No database runs behind it. {_NO_QUERY}",
                unless_queued("moto.rdsdata.models", "rdsdata_backends", "results_queue", "sql_results"),
                _UNLESS_QUEUED,
            ),
        ),
    ),
    Service(
        "timestream-query",
        Level.REFUSED,
        "Scheduled queries are recorded.",
        refused=(
            Refusal(
                ("Query",),
                _NO_QUERY,
                unless_queued(
                    "moto.timestreamquery.models", "timestreamquery_backends", "query_result_queue", "query_results"
                ),
                _UNLESS_QUEUED,
            ),
        ),
        signs_as="timestream",
    ),
    Service(
        "sagemaker-runtime",
        Level.REFUSED,
        "Nothing.",
        refused=(
            Refusal(
                ("InvokeEndpoint*",),
                _NO_MODEL,
                unless_queued(
                    "moto.sagemakerruntime.models",
                    "sagemakerruntime_backends",
                    "results_queue",
                    "results",
                    "async_results_queue",
                    "async_results",
                ),
                _UNLESS_QUEUED,
            ),
        ),
        signs_as="sagemaker",
    ),
    _refused(
        "sagemaker",
        "Models, endpoints, notebooks and pipelines are recorded.",
        "No training or processing runs here, so the job would never be done.",
        *("CreateTrainingJob", "CreateProcessingJob", "CreateTransformJob", "CreateHyperParameterTuningJob"),
        *("CreateAutoMLJob*", "CreateCompilationJob", "StartPipelineExecution"),
    ),
    _refused("bedrock-runtime", "Nothing.", _NO_MODEL, "InvokeModel*", "Converse*", signs_as="bedrock"),
    _refused("comprehend", "Classifiers and endpoints are recorded.", _NO_MODEL, "*Detect*", "Start*", "Classify*"),
    _refused("rekognition", "Nothing.", _NO_MODEL, "Detect*", "Start*", "CompareFaces"),
    _refused("textract", "Nothing.", _NO_MODEL, "Detect*", "Analyze*", "Start*"),
    _refused("transcribe", "Vocabularies are recorded.", _NO_MODEL, "Start*"),
    _refused("polly", "Lexicons are recorded.", _NO_MODEL, "SynthesizeSpeech", "StartSpeechSynthesisTask"),
    _refused("ecs", "Clusters, services and definitions are recorded.", _NO_CLUSTER, "RunTask", "StartTask"),
    Service(
        "emr",
        Level.REFUSED,
        "Clusters are recorded.",
        refused=(
            Refusal(("AddJobFlowSteps",), _NO_CLUSTER),
            Refusal(("RunJobFlow",), _NO_CLUSTER, has_any("Steps"), "it has steps"),
        ),
        signs_as="elasticmapreduce",
    ),
    _refused("emr-serverless", "Applications are recorded.", _NO_CLUSTER, "StartJobRun"),
    _refused("emr-containers", "Virtual clusters are recorded.", _NO_CLUSTER, "StartJobRun"),
    _refused("codebuild", "Projects are recorded.", "Nothing would be built.", "StartBuild*"),
    _refused("codepipeline", "Pipelines are recorded.", "No stage would run.", "StartPipelineExecution"),
    _refused("codedeploy", "Applications are recorded.", "Nothing would be deployed.", "CreateDeployment"),
    _refused("datapipeline", "Pipelines are recorded.", "No activity would run.", "ActivatePipeline"),
    _refused("datasync", "Locations and tasks are recorded.", "Nothing would be copied.", "StartTaskExecution"),
    _refused("databrew", "Datasets, recipes and jobs are recorded.", "No job runs here.", "StartJobRun"),
    _refused(
        "dms",
        "Instances, endpoints and tasks are recorded.",
        "Nothing would be replicated, and no connection would be tried.",
        *("StartReplicationTask", "TestConnection"),
    ),
    _refused("fis", "Templates are recorded.", "No fault would be injected.", "StartExperiment"),
    _refused("ecr", "Repositories and images.", "No image would be scanned.", "StartImageScan"),
    _refused("iot-data", "Shadows.", "No MQTT broker runs here.", "Publish", signs_as="iotdata"),
    Service(
        "pipes",
        Level.REFUSED,
        "Stopped pipes are recorded.",
        refused=(
            Refusal(("StartPipe",), "Nothing would flow through the pipe."),
            Refusal(
                ("CreatePipe",),
                "Nothing would flow through the pipe. Create it with DesiredState STOPPED.",
                different("DesiredState", "STOPPED"),
                "DesiredState is not STOPPED",
            ),
        ),
    ),
    _refused("osis", "Pipelines are recorded.", "Nothing would flow through the pipeline.", "StartPipeline"),
    _refused("mediaconnect", "Flows are recorded.", "Nothing would flow.", "StartFlow"),
    _refused("medialive", "Channels are recorded.", "Nothing would be encoded.", "StartChannel"),
    _refused(
        "ec2-instance-connect", "Nothing.", "No instance runs here that could accept the key.", "SendSSHPublicKey"
    ),
)
SERVICES: tuple[Service, ...] = (*_RUNS, *_IN_MEMORY, *_REFUSED)


def without_warehouse(services: tuple[Service, ...] = SERVICES) -> tuple[Service, ...]:
    """The claims of a server that was started without the warehouse, which can't execute SQL."""
    reason = "This server was started without the warehouse (--no-warehouse), so nothing executes SQL."
    names = ("redshift-data", "redshift-serverless")
    other_services = tuple(service for service in services if service.name not in names)
    return (*other_services, *(_refused(name, "Nothing.", reason, "*") for name in names))
