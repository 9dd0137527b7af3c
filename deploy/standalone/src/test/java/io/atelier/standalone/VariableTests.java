package io.atelier.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.yaml.snakeyaml.Yaml;

/** The variables of the environment: those that the services read, the documented ones and those of Compose are the same. */
class VariableTests {

    private static final Path ROOT = Path.of("..", "..");
    private static final Pattern PLACEHOLDER = Pattern.compile("\\$\\{([A-Z][A-Z0-9_]*)[:}]");
    private static final Pattern DOCUMENTED = Pattern.compile("`(MODEL|[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)(?:=[^`]*)?`");

    /** What each service reads. */
    private static final Map<String, List<String>> FILES = Map.of(
            "gateway",
            List.of(
                    "gateway/src/main/resources/gateway.yml",
                    "gateway/src/main/resources/lifecycle.yml",
                    "gateway/src/main/resources/catalogue.yml"),
            "generator-worker",
            List.of(
                    "generator-worker/src/main/resources/generator-worker.yml",
                    "common-worker/src/main/resources/worker.yml"),
            "splitter-worker",
            List.of(
                    "splitter-worker/src/main/resources/splitter-worker.yml",
                    "common-worker/src/main/resources/worker.yml"));

    /** Set by the image, or by Compose itself; the name of a worker must differ in each container. */
    private static final Set<String> OF_THE_CONTAINER = Set.of(
            "ATELIER_BIND", "ATELIER_DATA", "ATELIER_HTTP_PORT", "ATELIER_KAFKA", "ATELIER_S3", "ATELIER_WORKER_ID");

    /** Variables of other programs on the same pages. */
    private static final Set<String> OF_OTHERS =
            Set.of("LC_ALL", "JAVA_HOME", "LOGGING_STRUCTURED_FORMAT_CONSOLE", "LOGGING_STRUCTURED_FORMAT_FILE");

    @ParameterizedTest
    @ValueSource(strings = {"gateway", "generator-worker", "splitter-worker"})
    void composePassesOnWhatAServiceReads(String service) throws IOException {
        var read = read(Objects.requireNonNull(FILES.get(service)));
        read.removeAll(OF_THE_CONTAINER);

        var passed = environment(service).entrySet().stream()
                .filter(variable -> String.valueOf(variable.getValue()).startsWith("${" + variable.getKey() + ":-"))
                .map(Map.Entry::getKey)
                .toList();

        assertThat(passed).containsExactlyInAnyOrderElementsOf(read);
    }

    @ParameterizedTest
    @ValueSource(strings = {"gateway", "generator-worker", "splitter-worker"})
    void composeSetsTheAddressesOfItsContainers(String service) throws IOException {
        assertThat(environment(service)).containsKeys("ATELIER_KAFKA", "ATELIER_S3");
        assertThat(text("Dockerfile")).contains("ATELIER_BIND=", "ATELIER_DATA=", "ATELIER_HTTP_PORT=");
    }

    @Test
    void whatIsReadIsDocumented() throws IOException {
        var read = new TreeSet<String>();
        for (var files : FILES.values()) {
            read.addAll(read(files));
        }
        // Of the command.
        read.add("ATELIER_URL");

        assertThat(documented("docs/configuration.md", "docs/engines.md")).containsExactlyElementsOf(read);
    }

    @Test
    @DisplayName("every variable that ci/README.md names is used by a script, a test or the Compose file")
    void variablesOfTheBuildExist() throws IOException {
        try (var scripts = Files.walk(ROOT.resolve("ci"))) {
            var files = Stream.concat(
                            scripts.filter(file -> Files.isRegularFile(file) && !file.endsWith("README.md")),
                            Stream.of(
                                    ROOT.resolve("docker-compose.yml"),
                                    ROOT.resolve(
                                            "common-storage/src/test/java/io/atelier/storage/RealServerObjectStoreIT.java")))
                    .toList();
            var used = new StringBuilder();
            for (var file : files) {
                used.append(Files.readString(file));
            }
            assertThat(documented("ci/README.md"))
                    .isNotEmpty()
                    .allSatisfy(name -> assertThat(used).contains(name));
        }
    }

    private static Set<String> read(List<String> files) throws IOException {
        var names = new TreeSet<String>();
        for (var file : files) {
            matches(PLACEHOLDER, text(file)).forEach(names::add);
        }
        return names;
    }

    /** Without the names that stand for keys, such as {@code IO_ATELIER_...}. */
    private static Set<String> documented(String... pages) throws IOException {
        var names = new TreeSet<String>();
        for (var page : pages) {
            matches(DOCUMENTED, text(page))
                    .filter(name -> !name.startsWith("IO_ATELIER_") && !name.startsWith("SPRING_"))
                    .filter(name -> !OF_OTHERS.contains(name) && !name.equals("ATELIER_JARS"))
                    .forEach(names::add);
        }
        return names;
    }

    private static Stream<String> matches(Pattern pattern, String text) {
        return pattern.matcher(text).results().map(match -> match.group(1));
    }

    private static Map<String, Object> environment(String service) throws IOException {
        Map<String, Object> file = new Yaml().load(text("docker-compose.yml"));
        return member(member(member(file, "services"), service), "environment");
    }

    private static Map<String, Object> member(Map<String, Object> parent, String name) {
        return ((Map<?, ?>) Objects.requireNonNull(parent.get(name)))
                .entrySet().stream()
                        .collect(Collectors.toMap(entry -> entry.getKey().toString(), entry -> entry.getValue()));
    }

    private static String text(String file) throws IOException {
        return Files.readString(ROOT.resolve(file));
    }
}
