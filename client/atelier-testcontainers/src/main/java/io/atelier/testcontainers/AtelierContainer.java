package io.atelier.testcontainers;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.Network;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.containers.wait.strategy.WaitAllStrategy;
import org.testcontainers.utility.DockerImageName;

/**
 * Atelier for tests of programs that use it, with the model {@code test-card}, which makes images at once and whose prompts script delays and failures
 * ({@code delay:2s}, {@code fail:moderation}). The container is the gateway; it starts a Kafka broker, an object store and a generator worker before
 * itself, and stops them after itself. {@link #start()} returns when images can be generated. All data are gone after {@link #stop()}.
 *
 * <p>The images of Atelier are those that {@code docker compose build} makes in its folder, unless others are named. Not thread-safe, as other containers.
 */
public final class AtelierContainer extends GenericContainer<AtelierContainer> {

    static final String KAFKA_IMAGE = "apache/kafka:4.2.1";
    static final String STORE_IMAGE = "pgsty/silo:RELEASE.2026-09-16T00-00-00Z";

    private static final String PREFIX = "atelier-";
    private static final int HTTP_PORT = 8080;
    private static final int KAFKA_PORT = 9092;
    private static final int STORE_PORT = 9000;
    private static final String KEY = "testcontainers";
    private static final String OPENAI_FACE = "ATELIER_OPENAI_FACE";
    private static final Duration STARTUP_TIMEOUT = Duration.ofMinutes(3);

    /** Of the gateway and of the workers. */
    private static final Map<String, String> SETTINGS = Map.of(
            "ATELIER_KAFKA",
            "kafka:" + KAFKA_PORT,
            "ATELIER_S3",
            "http://object-store:" + STORE_PORT,
            "ATELIER_S3_ACCESS_KEY",
            KEY,
            "ATELIER_S3_SECRET_KEY",
            KEY,
            "ATELIER_TEST_CARD",
            "true");

    private final Network network = Network.newNetwork();
    private final GenericContainer<?> kafka = new GenericContainer<>(DockerImageName.parse(KAFKA_IMAGE));
    private final GenericContainer<?> store = new GenericContainer<>(DockerImageName.parse(STORE_IMAGE));
    private final GenericContainer<?> generator;
    private final GenericContainer<?> splitter;

    /** Atelier in the images {@code atelier-gateway} and {@code atelier-generator-worker}, which {@code docker compose build} makes. */
    public AtelierContainer() {
        this(PREFIX, "latest");
    }

    /**
     * Atelier in other images of the same services.
     *
     * @param prefix what stands before {@code gateway}, {@code generator-worker} and {@code splitter-worker} in their names, such as
     *     {@code registry.example.org/atelier-}
     * @param tag of the images
     */
    public AtelierContainer(String prefix, String tag) {
        super(DockerImageName.parse(prefix + "gateway").withTag(tag));
        configureServers();
        generator = worker(DockerImageName.parse(prefix + "generator-worker").withTag(tag));
        splitter = worker(DockerImageName.parse(prefix + "splitter-worker").withTag(tag));
        withNetwork(network)
                .withNetworkAliases("gateway")
                .withEnv(SETTINGS)
                .withExposedPorts(HTTP_PORT)
                .dependsOn(generator)
                .waitingFor(new WaitAllStrategy()
                        .withStrategy(Wait.forHttp("/readyz").forPort(HTTP_PORT))
                        .withStrategy(Wait.forHttp("/v1/capabilities")
                                .forPort(HTTP_PORT)
                                .forResponsePredicate(AtelierContainer::canGenerate))
                        .withStartupTimeout(STARTUP_TIMEOUT));
    }

    private GenericContainer<?> worker(DockerImageName image) {
        return new GenericContainer<>(image)
                .withNetwork(network)
                .withEnv(SETTINGS)
                .waitingFor(Wait.forHealthcheck().withStartupTimeout(STARTUP_TIMEOUT))
                .dependsOn(kafka, store);
    }

    /** One broker, as in Compose: one copy of everything, also of the state of share groups. */
    private void configureServers() {
        kafka.withNetwork(network)
                .withNetworkAliases("kafka")
                .withEnv("KAFKA_NODE_ID", "1")
                .withEnv("KAFKA_PROCESS_ROLES", "broker,controller")
                .withEnv("KAFKA_CONTROLLER_QUORUM_VOTERS", "1@127.0.0.1:9093")
                .withEnv("KAFKA_LISTENERS", "CLIENTS://:%d,CONTROLLER://127.0.0.1:9093".formatted(KAFKA_PORT))
                .withEnv("KAFKA_ADVERTISED_LISTENERS", "CLIENTS://kafka:" + KAFKA_PORT)
                .withEnv("KAFKA_LISTENER_SECURITY_PROTOCOL_MAP", "CLIENTS:PLAINTEXT,CONTROLLER:PLAINTEXT")
                .withEnv("KAFKA_CONTROLLER_LISTENER_NAMES", "CONTROLLER")
                .withEnv("KAFKA_INTER_BROKER_LISTENER_NAME", "CLIENTS")
                .withEnv("KAFKA_AUTO_CREATE_TOPICS_ENABLE", "false")
                .withEnv("KAFKA_DEFAULT_REPLICATION_FACTOR", "1")
                .withEnv("KAFKA_MIN_INSYNC_REPLICAS", "1")
                .withEnv("KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR", "1")
                .withEnv("KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR", "1")
                .withEnv("KAFKA_TRANSACTION_STATE_LOG_MIN_ISR", "1")
                .withEnv("KAFKA_SHARE_COORDINATOR_STATE_TOPIC_REPLICATION_FACTOR", "1")
                .withEnv("KAFKA_SHARE_COORDINATOR_STATE_TOPIC_MIN_ISR", "1")
                .withEnv("KAFKA_OFFSETS_TOPIC_NUM_PARTITIONS", "4")
                .withEnv("KAFKA_TRANSACTION_STATE_LOG_NUM_PARTITIONS", "4")
                .withEnv("KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS", "0")
                .withEnv("KAFKA_GROUP_SHARE_DELIVERY_COUNT_LIMIT", "10")
                .withEnv("KAFKA_GROUP_SHARE_PARTITION_MAX_RECORD_LOCKS", "10000")
                .withEnv("KAFKA_GROUP_SHARE_RECORD_LOCK_DURATION_MS", "60000")
                .withEnv("KAFKA_GROUP_SHARE_MIN_HEARTBEAT_INTERVAL_MS", "1000")
                .withEnv("KAFKA_GROUP_SHARE_HEARTBEAT_INTERVAL_MS", "1000")
                .withEnv("KAFKA_HEAP_OPTS", "-Xms128m -Xmx512m")
                .waitingFor(Wait.forSuccessfulCommand("bash -c '</dev/tcp/127.0.0.1/%d'".formatted(KAFKA_PORT))
                        .withStartupTimeout(STARTUP_TIMEOUT));
        store.withNetwork(network)
                .withNetworkAliases("object-store")
                .withCommand("server", "/data")
                .withEnv("MINIO_ROOT_USER", KEY)
                .withEnv("MINIO_ROOT_PASSWORD", KEY)
                .withEnv("MINIO_BROWSER", "off")
                .withEnv("MINIO_UPDATE", "off")
                .withExposedPorts(STORE_PORT)
                .waitingFor(
                        Wait.forHttp("/minio/health/ready").forPort(STORE_PORT).withStartupTimeout(STARTUP_TIMEOUT));
    }

    /**
     * Sets a variable of the generator worker, such as {@code OPENAI_API_KEY}; {@link #withEnv(String, String)} sets those of the gateway.
     *
     * @return this container
     */
    public AtelierContainer withWorkerEnv(String name, String value) {
        generator.withEnv(name, value);
        return self();
    }

    /**
     * Starts a splitter worker, too, without which grids are not split into tiles.
     *
     * @return this container
     */
    public AtelierContainer withSplitterWorker() {
        return dependsOn(splitter);
    }

    /**
     * The address of the API, such as {@code http://localhost:32768}.
     *
     * @throws IllegalStateException before the start
     */
    public URI baseUrl() {
        // The host is asked of the engine, which may be missing; before the start the port is what is wrong.
        int port = getMappedPort(HTTP_PORT);
        return URI.create("http://%s:%d".formatted(getHost(), port));
    }

    /**
     * The base URL for client libraries of OpenAI, such as {@code http://localhost:32768/v1}.
     *
     * @throws IllegalStateException before the start, or if {@code ATELIER_OPENAI_FACE} switches the images API off
     */
    public URI openAiBaseUrl() {
        if (getEnvMap().getOrDefault(OPENAI_FACE, "true").equalsIgnoreCase("false")) {
            throw new IllegalStateException(OPENAI_FACE + " switches OpenAI's images API off. Start without it.");
        }
        return URI.create(baseUrl() + "/v1");
    }

    /** The settings of the generator worker. */
    Map<String, String> workerEnvironment() {
        return generator.getEnvMap();
    }

    @Override
    public void start() {
        try {
            super.start();
        } catch (RuntimeException e) {
            stop();
            throw e;
        }
    }

    @Override
    protected void configure() {
        // Where links to images lead: the object store as the test reaches it.
        withEnv(
                "IO_ATELIER_STORAGE_PUBLICENDPOINT",
                "http://%s:%d".formatted(store.getHost(), store.getMappedPort(STORE_PORT)));
    }

    @Override
    public void stop() {
        super.stop();
        List.of(splitter, generator, store, kafka).forEach(GenericContainer::stop);
        network.close();
    }

    private static boolean canGenerate(String capabilities) {
        return capabilities.replaceAll("\\s", "").contains("\"test-card\":{\"state\":\"ready\"");
    }
}
