package io.atelier.standalone.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.atelier.embedded.LoopbackPorts;
import io.atelier.standalone.console.CommandFailed;
import io.atelier.standalone.console.ExitCode;
import io.atelier.standalone.folder.DataFolder;
import io.atelier.standalone.folder.RunningProcess;
import io.atelier.standalone.folder.RunningProcesses;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SystemPlanTests {

    @TempDir
    private Path folder;

    private DataFolder data;

    @BeforeEach
    void createFolder() {
        data = new DataFolder(folder).create();
    }

    @Test
    void usesFreeInternalPortsForACompleteSystem() {
        var plan = SystemPlan.of(SystemPart.all(), data, Map.of());

        assertThat(plan.url()).isEqualTo("http://127.0.0.1:8080");
        assertThat(plan.kafka()).matches("127\\.0\\.0\\.1:\\d+").isNotEqualTo("127.0.0.1:9092");
        assertThat(plan.s3().getPort()).isNotEqualTo(9000);
    }

    @Test
    void itsOwnBrokerHasNoSecurity() {
        var settings = Map.of("SPRING_KAFKA_SECURITY_PROTOCOL", "SASL_SSL", "SPRING_KAFKA_SSL_KEYPASSWORD", "x");

        assertThat(SystemPlan.of(SystemPart.all(), data, settings).properties())
                .containsEntry("SPRING_KAFKA_SECURITY_PROTOCOL", "PLAINTEXT")
                .doesNotContainKey("SPRING_KAFKA_SSL_KEYPASSWORD");
        assertThat(SystemPlan.of(Set.of(SystemPart.GATEWAY), data, settings).properties())
                .containsAllEntriesOf(settings);
    }

    @Test
    void anEmptyVariableIsNotSet() {
        var plan = SystemPlan.of(
                SystemPart.all(),
                data,
                Map.of("ATELIER_BIND", "", "ATELIER_HTTP_PORT", " ", "ATELIER_S3_ACCESS_KEY", ""));

        assertThat(plan.url()).isEqualTo("http://127.0.0.1:8080");
        assertThat(plan.keys().accessKey()).isNotBlank();
    }

    @Test
    void usesThePortsOfTheSettings() {
        var plan = SystemPlan.of(
                SystemPart.all(),
                data,
                Map.of(
                        "ATELIER_KAFKA",
                        "127.0.0.1:19092",
                        "ATELIER_S3",
                        "http://127.0.0.1:19000",
                        "ATELIER_HTTP_PORT",
                        "18080"));

        assertThat(plan.kafkaPort()).isEqualTo(19_092);
        assertThat(plan.s3()).isEqualTo(URI.create("http://127.0.0.1:19000"));
        assertThat(plan.properties())
                .containsEntry("ATELIER_KAFKA", "127.0.0.1:19092")
                .containsEntry("ATELIER_S3", "http://127.0.0.1:19000")
                .containsEntry("ATELIER_HTTP_PORT", "18080")
                .containsEntry("ATELIER_DATA", folder.toString());
    }

    @Test
    void faceOfIntelIsOpenUnlessItsPortIsTakenOrItIsOff() throws IOException {
        assertThat(intel("off").intelUrl()).isEmpty();
        assertThat(intel("0").intelUrl().orElseThrow()).matches("http://127\\.0\\.0\\.1:[1-9]\\d+");
        assertThat(intel("18100").intelUrl()).contains("http://127.0.0.1:18100");
        assertThat(intel("18100").properties()).containsEntry("ATELIER_INTEL_PORT", "18100");
        try (var other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var plan = intel(Integer.toString(other.getLocalPort()));

            assertThat(FacePorts.resolved(Map.of(), "ATELIER_INTEL_PORT", other.getLocalPort()))
                    .isEqualTo("off");
            assertThatThrownBy(plan::checkPorts).hasMessageContaining("ATELIER_INTEL_PORT");
        }
        assertRefused(
                Map.of("ATELIER_INTEL_PORT", "on"), "ATELIER_INTEL_PORT is 'on'; it must be a port from 1 to 65535");
    }

    private SystemPlan intel(String port) {
        return SystemPlan.of(
                Set.of(SystemPart.GATEWAY), data, Map.of("ATELIER_INTEL_PORT", port, "ATELIER_HTTP_PORT", "0"));
    }

    @Test
    void usesTheDefaultPortsForPartsOfASystem() {
        var plan = SystemPlan.of(Set.of(SystemPart.BROKER, SystemPart.STORE), data, Map.of());

        assertThat(plan.kafka()).isEqualTo("127.0.0.1:9092");
        assertThat(plan.s3()).isEqualTo(URI.create("http://127.0.0.1:9000"));
    }

    @Test
    void connectsAWorkerToTheSystemOfItsFolder() {
        new RunningProcesses(data)
                .add(RunningProcess.current(
                        List.of("broker", "store"), null, "127.0.0.1:4711", "http://127.0.0.1:4712"));

        var plan = SystemPlan.of(Set.of(SystemPart.GENERATOR), data, Map.of());

        assertThat(plan.kafka()).isEqualTo("127.0.0.1:4711");
        assertThat(plan.s3()).isEqualTo(URI.create("http://127.0.0.1:4712"));
    }

    @Test
    void secondNamesOfTheStoreCountWithoutAStoreOfThisFolder() {
        var names = Map.of(
                "S3_ENDPOINT", "https://s3.example.com",
                "S3_ACCESS_KEY", "access",
                "S3_SECRET_KEY", "secret",
                "S3_REGION", "eu-central-1");
        var worker = Set.of(SystemPart.SPLITTER);

        var plan = SystemPlan.of(worker, data, names);

        assertThat(plan.s3()).isEqualTo(URI.create("https://s3.example.com"));
        assertThat(plan.keys().accessKey()).isEqualTo("access");
        assertThat(plan.properties()).containsEntry("S3_REGION", "eu-central-1");
        assertThat(plan.notice()).isEmpty();

        var first = new HashMap<>(names);
        first.put("ATELIER_S3", "http://127.0.0.1:9001");
        first.put("ATELIER_S3_ACCESS_KEY", "first");
        first.put("ATELIER_S3_SECRET_KEY", "first secret");
        assertThat(SystemPlan.of(worker, data, first).s3()).isEqualTo(URI.create("http://127.0.0.1:9001"));
        assertThat(SystemPlan.of(worker, data, first).keys().accessKey()).isEqualTo("first");

        new RunningProcesses(data)
                .add(RunningProcess.current(
                        List.of("broker", "store"), null, "127.0.0.1:4711", "http://127.0.0.1:4712"));
        var joined = SystemPlan.of(worker, data, names);
        assertThat(joined.s3()).isEqualTo(URI.create("http://127.0.0.1:4712"));
        assertThat(joined.keys())
                .isEqualTo(SystemPlan.of(worker, data, Map.of()).keys());
        assertThat(joined.properties()).containsEntry("S3_REGION", "us-east-1");
    }

    @Test
    void secondNamesOfTheStoreAreIgnoredByAProcessThatRunsItsOwnAndSaysSo() {
        var plan = SystemPlan.of(
                SystemPart.all(),
                data,
                Map.of(
                        "S3_ENDPOINT",
                        "https://s3.example.com",
                        "S3_ACCESS_KEY",
                        "access",
                        "S3_REGION",
                        "eu-central-1"));

        assertThat(plan.s3().getHost()).isEqualTo("127.0.0.1");
        assertThat(plan.keys().accessKey()).isNotEqualTo("access");
        assertThat(plan.properties())
                .containsEntry("ATELIER_S3", plan.s3().toString())
                .containsEntry("ATELIER_S3_ACCESS_KEY", plan.keys().accessKey())
                .containsEntry("S3_REGION", "us-east-1");
        assertThat(plan.notice()).hasValueSatisfying(text -> assertThat(text).contains("S3_ENDPOINT is ignored"));
        assertThat(SystemPlan.of(SystemPart.all(), data, Map.of("S3_ENDPOINT", ""))
                        .notice())
                .isEmpty();
    }

    @Test
    void connectsAWorkerToBrokersElsewhere() {
        var plan =
                SystemPlan.of(Set.of(SystemPart.GENERATOR), data, Map.of("ATELIER_KAFKA", "kafka-1:9092,kafka-2:9092"));

        assertThat(plan.kafka()).isEqualTo("kafka-1:9092,kafka-2:9092");
    }

    @Test
    void aStuckWorkerEndsItsProcessOnlyIfNoOtherPartIsInIt() {
        var restart = Map.of("ATELIER_WORKER_RESTART", "true");

        assertThat(SystemPlan.of(SystemPart.all(), data, restart).properties())
                .containsEntry("ATELIER_WORKER_RESTART", "false");
        assertThat(SystemPlan.of(Set.of(SystemPart.STORE, SystemPart.GENERATOR), data, restart)
                        .properties())
                .containsEntry("ATELIER_WORKER_RESTART", "false");
        assertThat(SystemPlan.of(Set.of(SystemPart.GENERATOR, SystemPart.SPLITTER), data, restart)
                        .properties())
                .containsEntry("ATELIER_WORKER_RESTART", "true");
    }

    @Test
    void refusesARestartThatIsNeitherTrueNorFalseAlthoughACompleteSystemSetsIt() {
        var restart = Map.of("ATELIER_WORKER_RESTART", "2");

        assertThatThrownBy(() -> SystemPlan.of(SystemPart.all(), data, restart))
                .isInstanceOf(CommandFailed.class)
                .hasMessage("ATELIER_WORKER_RESTART is '2'; it must be true or false.");
    }

    @Test
    void onlyAWorkerThatEndsWithItsBrokerRecordsItsTasks() {
        assertThat(SystemPlan.of(SystemPart.all(), data, Map.of()).properties())
                .containsEntry(
                        "io.atelier.lease.journal",
                        data.root().resolve("running-tasks").toString());
        assertThat(SystemPlan.of(Set.of(SystemPart.GENERATOR), data, Map.of()).properties())
                .doesNotContainKey("io.atelier.lease.journal");
    }

    @Test
    void faceForHayhooksHasItsPortUnlessAnotherProcessHasIt() throws IOException {
        // Either this is the only process with the port, or another one has it during the whole test.
        try (var other = new ServerSocket()) {
            try {
                other.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 1416));
            } catch (BindException e) {
                // As good.
            }
            assertThat(SystemPlan.of(SystemPart.all(), data, Map.of()).properties())
                    .containsEntry("ATELIER_HAYHOOKS_PORT", "off");
        }
        int free = LoopbackPorts.freePort();
        assertThat(FacePorts.resolved(Map.of(), "ATELIER_HAYHOOKS_PORT", free)).isEqualTo("if-free:" + free);
        var optional = SystemPlan.of(SystemPart.all(), data, Map.of("ATELIER_HAYHOOKS_PORT", "if-free:" + free));
        assertThat(optional.hayhooksUrl()).contains("http://127.0.0.1:" + free);
        var closed = SystemPlan.of(SystemPart.all(), data, Map.of("ATELIER_HAYHOOKS_PORT", "OFF"));
        assertThat(closed.hayhooksUrl()).isEmpty();
        var any = SystemPlan.of(SystemPart.all(), data, Map.of("ATELIER_HAYHOOKS_PORT", "0"));
        assertThat(any.hayhooksUrl().orElseThrow()).matches("http://127\\.0\\.0\\.1:[1-9]\\d+");
        var named = SystemPlan.of(SystemPart.all(), data, Map.of("ATELIER_HAYHOOKS_PORT", "14160"));
        assertThat(named.properties()).containsEntry("ATELIER_HAYHOOKS_PORT", "14160");
    }

    @Test
    void usesTheKeysOfTheFolder() {
        var one = SystemPlan.of(Set.of(SystemPart.STORE), data, Map.of());
        var other = SystemPlan.of(Set.of(SystemPart.GENERATOR), data, Map.of());

        assertThat(one.keys()).isEqualTo(other.keys());
    }

    @Test
    void explainsInvalidSettings() {
        assertRefused(
                Map.of("ATELIER_HTTP_PORT", "http"), "ATELIER_HTTP_PORT is 'http'; it must be a port from 1 to 65535");
        assertRefused(Map.of("ATELIER_HTTP_PORT", "70000"), "ATELIER_HTTP_PORT is '70000'");
        assertRefused(
                Map.of("ATELIER_HAYHOOKS_PORT", "on"), "ATELIER_HAYHOOKS_PORT is 'on'; it must be a port from 1 to");
        assertRefused(
                Map.of("ATELIER_KAFKA", "kafka:9092"),
                "ATELIER_KAFKA is 'kafka:9092'; it must be 127.0.0.1 and a port");
        assertRefused(Map.of("ATELIER_S3", "https://s3.example.com"), "ATELIER_S3 is 'https://s3.example.com'");
        assertRefused(Map.of("ATELIER_BIND", "0.0.0.0"), "ATELIER_BIND is '0.0.0.0'; it must be 127.0.0.1");
        assertRefused(Map.of("ATELIER_S3_ACCESS_KEY", "a"), "Set both ATELIER_S3_ACCESS_KEY and ATELIER_S3_SECRET_KEY");
        assertWorkerRefused(
                Map.of("S3_ENDPOINT", "s3.example.com"), "S3_ENDPOINT is 's3.example.com'; it must be a URL");
        assertWorkerRefused(Map.of("S3_SECRET_KEY", "a"), "Set both S3_ACCESS_KEY and S3_SECRET_KEY");
    }

    @Test
    void explainsThatAPortIsTaken() throws IOException {
        try (var other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var port = Integer.toString(other.getLocalPort());
            var plan = SystemPlan.of(SystemPart.all(), data, Map.of("ATELIER_HTTP_PORT", port));

            assertThatThrownBy(plan::checkPorts)
                    .isInstanceOfSatisfying(
                            CommandFailed.class,
                            failed -> assertThat(failed.exitCode()).isEqualTo(ExitCode.NOT_RUNNING))
                    .hasMessageContaining("Port " + port)
                    .hasMessageContaining("ATELIER_HTTP_PORT");
        }
    }

    private void assertRefused(Map<String, String> settings, String message) {
        assertRefused(SystemPart.all(), settings, message);
    }

    private void assertWorkerRefused(Map<String, String> settings, String message) {
        assertRefused(Set.of(SystemPart.GENERATOR), settings, message);
    }

    private void assertRefused(Set<SystemPart> parts, Map<String, String> settings, String message) {
        assertThatThrownBy(() -> SystemPlan.of(parts, data, settings))
                .isInstanceOfSatisfying(
                        CommandFailed.class,
                        failed -> assertThat(failed.exitCode()).isEqualTo(ExitCode.REFUSED))
                .hasMessageContaining(message);
    }
}
