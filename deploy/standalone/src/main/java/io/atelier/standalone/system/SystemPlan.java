package io.atelier.standalone.system;

import io.atelier.embedded.LoopbackPorts;
import io.atelier.gateway.faces.listener.FacePort;
import io.atelier.messaging.settings.SettingVariables;
import io.atelier.standalone.console.CommandFailed;
import io.atelier.standalone.console.ExitCode;
import io.atelier.standalone.folder.DataFolder;
import io.atelier.standalone.folder.RunningProcess;
import io.atelier.standalone.folder.RunningProcesses;
import io.atelier.standalone.folder.S3Keys;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Plan of the parts that run in this process, with all addresses.
 *
 * @param parts the parts that run in this process
 * @param data the data folder
 * @param httpPort the port of the gateway, in this or another process
 * @param kafka host and port of the broker, in this or another process
 * @param s3 the URL of the object store, in this or another process
 * @param keys the key pair of the object store
 * @param settings all environment variables
 */
public record SystemPlan(
        Set<SystemPart> parts,
        DataFolder data,
        int httpPort,
        String kafka,
        URI s3,
        S3Keys keys,
        Map<String, String> settings) {

    private static final String HTTP_PORT = "ATELIER_HTTP_PORT";
    private static final String HAYHOOKS_PORT = "ATELIER_HAYHOOKS_PORT";
    private static final int HAYHOOKS_USUAL_PORT = 1416;
    private static final String INTEL_PORT = "ATELIER_INTEL_PORT";
    private static final int INTEL_USUAL_PORT = 8100;
    private static final String BIND = "ATELIER_BIND";
    private static final String KAFKA = "ATELIER_KAFKA";
    static final String S3 = "ATELIER_S3";
    static final String ACCESS_KEY = "ATELIER_S3_ACCESS_KEY";
    private static final String TASK_JOURNAL = "io.atelier.lease.journal";
    private static final String WORKER_RESTART = "ATELIER_WORKER_RESTART";
    static final String SECRET_KEY = "ATELIER_S3_SECRET_KEY";

    public SystemPlan {
        parts = Set.copyOf(parts);
        settings = Map.copyOf(settings);
    }

    /**
     * Creates the plan from the settings. A complete system uses free ports for broker and store unless they are set. Single parts use the
     * settings, otherwise the addresses of processes from the same folder, otherwise ports 9092 and 9000.
     *
     * @param variables the environment variables; empty ones are not set
     */
    public static SystemPlan of(Set<SystemPart> parts, DataFolder data, Map<String, String> variables) {
        var settings = SecondS3Names.applied(parts, data, SettingVariables.set(variables));
        var bind = settings.getOrDefault(BIND, LocalPorts.HOST);
        if (!bind.equals(LocalPorts.HOST)) {
            throw refused(BIND, bind, LocalPorts.HOST + ", because the API has no authentication");
        }
        // A complete system sets it itself, which must not hide a mistake.
        var restart = settings.getOrDefault(WORKER_RESTART, "false");
        if (!restart.matches("(?i)true|false|on|off|yes|no|1|0")) {
            throw refused(WORKER_RESTART, restart, "true or false");
        }
        if (parts.contains(SystemPart.GATEWAY)) {
            settings.put(HAYHOOKS_PORT, FacePorts.resolved(settings, HAYHOOKS_PORT, HAYHOOKS_USUAL_PORT));
            settings.put(INTEL_PORT, FacePorts.resolved(settings, INTEL_PORT, INTEL_USUAL_PORT));
        }
        return new SystemPlan(
                parts,
                data,
                httpPort(settings),
                kafka(parts, data, settings),
                s3(parts, data, settings),
                keys(data, settings),
                settings);
    }

    public boolean runs(SystemPart part) {
        return parts.contains(part);
    }

    /** The URL of the gateway of this process. */
    public String url() {
        return "http://" + LocalPorts.HOST + ":" + httpPort;
    }

    /** The URL for clients of hayhooks; empty if their face is closed. */
    public Optional<String> hayhooksUrl() {
        return faceUrl(HAYHOOKS_PORT);
    }

    /** The URL for clients of Intel's text2image service; empty if their face is closed. */
    public Optional<String> intelUrl() {
        return faceUrl(INTEL_PORT);
    }

    /** What a person should know about a setting that is ignored; empty if none is. */
    public Optional<String> notice() {
        return runs(SystemPart.STORE) && settings.containsKey(SecondS3Names.ENDPOINT)
                ? Optional.of(SecondS3Names.ENDPOINT
                        + " is ignored: this process runs its own store. '--parts' starts one without.")
                : Optional.empty();
    }

    private Optional<String> faceUrl(String variable) {
        return Optional.ofNullable(settings.get(variable))
                .filter(set -> runs(SystemPart.GATEWAY))
                .map(FacePort::of)
                .filter(FacePort::isOpen)
                .map(port -> "http://" + LocalPorts.HOST + ":" + port.number());
    }

    /**
     * Checks that the ports of the plan are free.
     *
     * @throws CommandFailed if one is not
     */
    public void checkPorts() {
        if (runs(SystemPart.GATEWAY)) {
            LocalPorts.requireFree(httpPort, "HTTP", HTTP_PORT);
            FacePorts.requireFree(
                    settings.getOrDefault(HAYHOOKS_PORT, FacePort.OFF), "clients of hayhooks", HAYHOOKS_PORT);
            FacePorts.requireFree(
                    settings.getOrDefault(INTEL_PORT, FacePort.OFF), "clients of Intel's text2image", INTEL_PORT);
        }
        if (runs(SystemPart.BROKER)) {
            LocalPorts.requireFree(kafkaPort(), "Kafka", KAFKA);
        }
        if (runs(SystemPart.STORE)) {
            LocalPorts.requireFree(s3.getPort(), "S3", S3);
        }
    }

    int kafkaPort() {
        return Integer.parseInt(kafka.substring(kafka.lastIndexOf(':') + 1));
    }

    /** The properties of the applications, which take precedence over the environment. */
    Map<String, Object> properties() {
        var properties = new LinkedHashMap<String, Object>(settings);
        properties.put("ATELIER_DATA", data.root().toString());
        properties.putIfAbsent("ATELIER_MODELS", data.root().resolve("models").toString());
        properties.put(HTTP_PORT, Integer.toString(httpPort));
        properties.put(KAFKA, kafka);
        properties.put(S3, s3.toString());
        properties.put(ACCESS_KEY, keys.accessKey());
        properties.put(SECRET_KEY, keys.secretKey());
        // Those of the environment would count where the ones of this plan are missing.
        properties.putIfAbsent("S3_REGION", "us-east-1");
        if (parts.stream().anyMatch(SystemPart::isExclusive)) {
            // A worker whose engine does not stop must not end the broker, the store or the gateway, too.
            properties.put(WORKER_RESTART, "false");
        }
        if (runs(SystemPart.BROKER)) {
            // A task that ends the process ends the broker, too, which then forgets how often it delivered the task.
            properties.put(TASK_JOURNAL, data.root().resolve("running-tasks").toString());
            // The broker of this process has no security; settings for that of another one would shut its clients out.
            properties.keySet().removeIf(name -> name.startsWith("SPRING_KAFKA_"));
            properties.put("SPRING_KAFKA_SSL_BUNDLE", "");
            properties.put("SPRING_KAFKA_SECURITY_PROTOCOL", "PLAINTEXT");
            properties.put("SPRING_KAFKA_PROPERTIES_SECURITY_PROTOCOL", "PLAINTEXT");
        }
        return properties;
    }

    private static int httpPort(Map<String, String> settings) {
        var text = settings.getOrDefault(HTTP_PORT, "8080");
        int port = text.matches("\\d{1,5}") ? Integer.parseInt(text) : -1;
        if (port < 0 || port > 65_535) {
            throw refused(HTTP_PORT, text, "a port from 1 to 65535, or 0 for any free port");
        }
        return port == 0 ? LoopbackPorts.freePort() : port;
    }

    private static String kafka(Set<SystemPart> parts, DataFolder data, Map<String, String> settings) {
        var value = settings.get(KAFKA);
        if (value != null) {
            if (parts.contains(SystemPart.BROKER) && !value.matches("(127\\.0\\.0\\.1|localhost):\\d{1,5}")) {
                throw refused(KAFKA, value, "127.0.0.1 and a port, because the broker of this process listens there");
            }
            return value;
        }
        if (parts.contains(SystemPart.BROKER)) {
            return LocalPorts.HOST + ":" + (isComplete(parts) ? LoopbackPorts.freePort() : 9092);
        }
        return new RunningProcesses(data).address(RunningProcess::kafka).orElse(LocalPorts.HOST + ":9092");
    }

    private static URI s3(Set<SystemPart> parts, DataFolder data, Map<String, String> settings) {
        var value = settings.get(S3);
        if (value != null) {
            var pattern = parts.contains(SystemPart.STORE)
                    ? "http://(127\\.0\\.0\\.1|localhost):\\d{1,5}/?"
                    : "https?://[^/\\s]+/?";
            if (!value.matches(pattern)) {
                throw refused(
                        S3,
                        value,
                        "a URL such as http://127.0.0.1:9000, with the host 127.0.0.1 if the store runs in this"
                                + " process");
            }
            return URI.create(value);
        }
        if (parts.contains(SystemPart.STORE)) {
            return URI.create(
                    "http://" + LocalPorts.HOST + ":" + (isComplete(parts) ? LoopbackPorts.freePort() : 9000));
        }
        return URI.create(
                new RunningProcesses(data).address(RunningProcess::s3).orElse("http://" + LocalPorts.HOST + ":9000"));
    }

    private static S3Keys keys(DataFolder data, Map<String, String> settings) {
        var access = settings.get(ACCESS_KEY);
        var secret = settings.get(SECRET_KEY);
        if (access == null && secret == null) {
            return S3Keys.of(data);
        }
        if (access == null || secret == null) {
            throw new CommandFailed(
                    ExitCode.REFUSED, "Set both " + ACCESS_KEY + " and " + SECRET_KEY + ", or neither.");
        }
        return new S3Keys(access, secret);
    }

    private static boolean isComplete(Set<SystemPart> parts) {
        return parts.equals(SystemPart.all());
    }

    private static CommandFailed refused(String setting, String value, String allowed) {
        return new CommandFailed(ExitCode.REFUSED, "%s is '%s'; it must be %s.".formatted(setting, value, allowed));
    }
}
