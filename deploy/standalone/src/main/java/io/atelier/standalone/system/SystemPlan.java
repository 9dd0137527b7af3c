package io.atelier.standalone.system;

import io.atelier.standalone.console.CommandFailed;
import io.atelier.standalone.console.ExitCode;
import io.atelier.standalone.folder.DataFolder;
import io.atelier.standalone.folder.RunningProcess;
import io.atelier.standalone.folder.RunningProcesses;
import io.atelier.standalone.folder.S3Keys;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * What is to run in this process, and where everything listens.
 *
 * @param parts what runs here
 * @param data where it keeps its files
 * @param httpPort of the gateway, here or elsewhere
 * @param kafka host and port of the broker, here or elsewhere
 * @param s3 where the store listens, here or elsewhere
 * @param keys of the store
 * @param settings all that was set
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
    private static final String BIND = "ATELIER_BIND";
    private static final String KAFKA = "ATELIER_KAFKA";
    private static final String S3 = "ATELIER_S3";
    private static final String ACCESS_KEY = "ATELIER_S3_ACCESS_KEY";
    private static final String SECRET_KEY = "ATELIER_S3_SECRET_KEY";

    public SystemPlan {
        parts = Set.copyOf(parts);
        settings = Map.copyOf(settings);
    }

    /**
     * Makes the plan from the settings. A complete system takes free ports for broker and store unless they are set; a part of one uses
     * what is set, else what runs from the same folder, else the usual ports.
     *
     * @param settings the environment variables
     */
    public static SystemPlan of(Set<SystemPart> parts, DataFolder data, Map<String, String> settings) {
        var bind = settings.getOrDefault(BIND, LocalPort.HOST);
        if (!bind.equals(LocalPort.HOST)) {
            throw refused(BIND, bind, LocalPort.HOST + " here: nobody is asked for a key yet");
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

    /** Where the gateway of this process listens. */
    public String url() {
        return "http://" + LocalPort.HOST + ":" + httpPort;
    }

    /** Refuses the plan if a port that it needs is taken. */
    public void checkPorts() {
        if (runs(SystemPart.GATEWAY)) {
            LocalPort.requireFree(httpPort, "HTTP", HTTP_PORT);
        }
        if (runs(SystemPart.BROKER)) {
            LocalPort.requireFree(kafkaPort(), "Kafka", KAFKA);
        }
        if (runs(SystemPart.STORE)) {
            LocalPort.requireFree(s3.getPort(), "S3", S3);
        }
    }

    int kafkaPort() {
        return Integer.parseInt(kafka.substring(kafka.lastIndexOf(':') + 1));
    }

    /** The settings as the applications read them; these go before the environment. */
    Map<String, Object> properties() {
        var properties = new LinkedHashMap<String, Object>(settings);
        properties.put("ATELIER_DATA", data.root().toString());
        properties.put(HTTP_PORT, Integer.toString(httpPort));
        properties.put(KAFKA, kafka);
        properties.put(S3, s3.toString());
        properties.put(ACCESS_KEY, keys.accessKey());
        properties.put(SECRET_KEY, keys.secretKey());
        return properties;
    }

    private static int httpPort(Map<String, String> settings) {
        var text = settings.getOrDefault(HTTP_PORT, "8080");
        int port = text.matches("\\d{1,5}") ? Integer.parseInt(text) : -1;
        if (port < 0 || port > 65_535) {
            throw refused(HTTP_PORT, text, "a port from 1 to 65535, or 0 for any that is free");
        }
        return port == 0 ? LocalPort.free() : port;
    }

    private static String kafka(Set<SystemPart> parts, DataFolder data, Map<String, String> settings) {
        var set = settings.get(KAFKA);
        if (set != null) {
            if (parts.contains(SystemPart.BROKER) && !set.matches("(127\\.0\\.0\\.1|localhost):\\d{1,5}")) {
                throw refused(KAFKA, set, "127.0.0.1 and a port, because the broker of this process listens there");
            }
            return set;
        }
        if (parts.contains(SystemPart.BROKER)) {
            return LocalPort.HOST + ":" + (complete(parts) ? LocalPort.free() : 9092);
        }
        return new RunningProcesses(data).address(RunningProcess::kafka).orElse(LocalPort.HOST + ":9092");
    }

    private static URI s3(Set<SystemPart> parts, DataFolder data, Map<String, String> settings) {
        var set = settings.get(S3);
        if (set != null) {
            var form = parts.contains(SystemPart.STORE)
                    ? "http://(127\\.0\\.0\\.1|localhost):\\d{1,5}/?"
                    : "https?://[^/\\s]+/?";
            if (!set.matches(form)) {
                throw refused(
                        S3,
                        set,
                        "a URL such as http://127.0.0.1:9000, on 127.0.0.1 if the store is to run in this process");
            }
            return URI.create(set);
        }
        if (parts.contains(SystemPart.STORE)) {
            return URI.create("http://" + LocalPort.HOST + ":" + (complete(parts) ? LocalPort.free() : 9000));
        }
        return URI.create(
                new RunningProcesses(data).address(RunningProcess::s3).orElse("http://" + LocalPort.HOST + ":9000"));
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

    private static boolean complete(Set<SystemPart> parts) {
        return parts.equals(SystemPart.all());
    }

    private static CommandFailed refused(String setting, String value, String allowed) {
        return new CommandFailed(ExitCode.REFUSED, "%s is '%s'; it must be %s.".formatted(setting, value, allowed));
    }
}
