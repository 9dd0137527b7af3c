package io.atelier.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * {@code docs/settings.md} has every setting with type, default and meaning. It is generated from the metadata that the configuration
 * processor writes for the settings records; {@code -Dsettings.write=true} writes the page.
 */
class SettingsPageTests {

    private static final Path PAGE = Path.of("..", "..", "docs", "settings.md");
    private static final String REMOTE = ".remote.";

    /** Its keys look like those of providers, and are others. */
    private static final String SOURCES = "io.atelier.sources.";

    private static final String HEAD = "| key | type | default | meaning |\n| --- | --- | --- | --- |\n";
    private static final JsonMapper JSON = JsonMapper.shared();

    /** A map or list of records, whose keys have a metadata file of their own. */
    private static final Pattern ELEMENTS =
            Pattern.compile("java\\.util\\.(Map<java\\.lang\\.String,|List<)(io\\.atelier\\.[\\w.$]+)>");

    private final Map<String, Setting> settings = new TreeMap<>();

    /** Records of lists whose keys are on the page already: a second list of the same has one row. */
    private final Set<String> lists = new HashSet<>();

    @Test
    void pageHasEverySetting() throws IOException {
        read();
        var page = page();
        if (Boolean.getBoolean("settings.write")) {
            Files.writeString(PAGE, page);
        }

        assertThat(PAGE)
                .as("docs/settings.md is out of date: mvn -pl deploy/standalone -am verify -Dtest=SettingsPageTests"
                        + " -Dsurefire.failIfNoSpecifiedTests=false -Dsettings.write=true writes it")
                .hasContent(page);
    }

    @Test
    void everySettingHasATypeAndAMeaning() throws IOException {
        read();

        assertThat(settings).hasSizeGreaterThan(80);
        assertThat(settings.values()).allSatisfy(setting -> {
            assertThat(setting.type()).as(setting.key()).isNotBlank();
            assertThat(setting.meaning()).as(setting.key()).isNotBlank();
        });
    }

    @Test
    void everyDurationEndsInAWordThatSaysWhatItBounds() throws IOException {
        read();

        assertThat(settings.values())
                .filteredOn(setting -> setting.type().equals("Duration"))
                .extracting(Setting::key)
                .allSatisfy(key -> assertThat(key).matches(".*[.-](timeout|interval|ttl|grace-period)"));
    }

    private void read() throws IOException {
        for (var resource : Collections.list(
                getClass().getClassLoader().getResources("META-INF/spring-configuration-metadata.json"))) {
            try (var in = resource.openStream()) {
                for (var property : JSON.readTree(in).path("properties")) {
                    var key = property.path("name").asString();
                    if (key.startsWith("io.atelier.")) {
                        add(key, property);
                    }
                }
            }
        }
    }

    private void add(String key, JsonNode property) throws IOException {
        var type = property.path("type").asString();
        var elements = ELEMENTS.matcher(type);
        if (elements.matches()) {
            var nested = nested(elements.group(2));
            boolean list = elements.group(1).startsWith("List");
            if (nested != null && (!list || lists.add(elements.group(2)))) {
                var element = list ? "[N]." : ".NAME.";
                for (var inner : nested.path("properties")) {
                    add(key + element + inner.path("name").asString(), inner);
                }
                return;
            }
        }
        settings.put(
                key,
                new Setting(
                        key,
                        shortName(type),
                        byDefault(property),
                        property.path("description").asString("")));
    }

    private @Nullable JsonNode nested(String type) throws IOException {
        try (InputStream in =
                getClass().getResourceAsStream("/META-INF/spring/configuration-metadata/" + type + ".json")) {
            return in == null ? null : JSON.readTree(in);
        }
    }

    private static String byDefault(JsonNode property) {
        var value = property.path("defaultValue");
        if (value.isArray()) {
            var values = new ArrayList<String>();
            value.forEach(each -> values.add(each.asString()));
            return String.join(",", values);
        }
        return value.isMissingNode() ? "" : value.asString();
    }

    private static String shortName(String type) {
        return type.replaceAll("[\\w.]+\\.(\\w+)", "$1").replace('$', '.');
    }

    private String page() {
        var page = new StringBuilder("""
                # Settings

                Every key of the configuration, in the form of `application.yml`; generated from the code, so do not edit this page. A key can also be given as an
                environment variable (`io.atelier.lease.lock-timeout` is `IO_ATELIER_LEASE_LOCKTIMEOUT`) or on the command line (`--io.atelier.lease.lock-timeout=40s`).
                The variables that an operator usually needs (`ATELIER_...`) are in [configuration.md](configuration.md). An empty default means that there is none. A
                `Duration` is written with its unit: `500ms`, `30s`, `5m`, `1h`, `7d`; a `DataSize` as `16KB`, `50MB`.
                """);
        var sections = new TreeMap<String, List<Setting>>();
        var providers = new TreeMap<String, Setting>();
        for (var setting : settings.values()) {
            int remote = setting.key().indexOf(REMOTE);
            if (!isOfProvider(setting.key())) {
                sections.computeIfAbsent(section(setting.key()), own -> new ArrayList<>())
                        .add(setting);
            } else {
                providers.put(setting.key().substring(remote + REMOTE.length()), setting);
            }
        }
        sections.forEach((section, own) -> {
            page.append("\n## `").append(section).append("`\n\n").append(HEAD);
            own.forEach(setting -> page.append(setting.row(setting.key().substring(section.length() + 1))));
        });
        page.append("\n## Calls to other servers\n\nThe same keys follow each of: ")
                .append(prefixes())
                .append(".\n\n")
                .append(HEAD);
        providers.forEach((key, setting) -> page.append(setting.row(key)));
        return page.toString();
    }

    private String prefixes() {
        return settings.keySet().stream()
                .filter(SettingsPageTests::isOfProvider)
                .map(key -> "`" + key.substring(0, key.indexOf(REMOTE) + REMOTE.length() - 1) + "`")
                .distinct()
                .collect(Collectors.joining(", "));
    }

    private static boolean isOfProvider(String key) {
        return key.contains(REMOTE) && !key.startsWith(SOURCES);
    }

    private static String sentence(String words) {
        return words.substring(0, 1).toUpperCase(Locale.ROOT) + words.substring(1);
    }

    /** The first three words of a key; four for engines. */
    private static String section(String key) {
        var words = List.of(key.split("\\."));
        int count = words.get(2).equals("engines") ? 4 : 3;
        return String.join(".", words.subList(0, Math.min(count, words.size() - 1)));
    }

    private record Setting(String key, String type, String byDefault, String meaning) {

        String row(String name) {
            return "| `%s` | %s | %s | %s |\n"
                    .formatted(
                            name,
                            type,
                            byDefault.isEmpty() ? "" : "`" + byDefault + "`",
                            sentence(meaning)
                                    .replaceAll("\\{@code ([^}]*)}", "`$1`")
                                    .replaceAll("\\{@link ([^}]*)}", "$1")
                                    .replace("|", "\\|"));
        }
    }
}
