package io.atelier.messaging.settings;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Pattern;
import java.net.InetAddress;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.hibernate.validator.constraints.time.DurationMin;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.validation.autoconfigure.ValidationAutoConfiguration;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/** Settings whose values come from variables through a file of the application, as in the services. */
class SettingRefusalTests {

    private static final Map<String, Object> FILE = Map.ofEntries(
            Map.entry("io.atelier.sample.slots", "${ATELIER_SAMPLE_SLOTS:2}"),
            Map.entry("io.atelier.sample.keep", "${ATELIER_SAMPLE_KEEP:1h}"),
            Map.entry("io.atelier.sample.largest", "${ATELIER_SAMPLE_LARGEST:1MB}"),
            Map.entry("io.atelier.sample.send", "${ATELIER_SAMPLE_SEND:true}"),
            Map.entry("io.atelier.sample.kind", "${ATELIER_SAMPLE_KIND:plain}"),
            Map.entry("io.atelier.sample.bind", "${ATELIER_SAMPLE_BIND:127.0.0.1}"),
            Map.entry("io.atelier.sample.server", "${ATELIER_SAMPLE_SERVER:http://127.0.0.1}"),
            Map.entry("io.atelier.sample.pool", "${ATELIER_SAMPLE_POOL:default}"),
            Map.entry("io.atelier.sample.pools", "${io.atelier.sample.pool},${ATELIER_SAMPLE_OTHER_POOL:other}"),
            Map.entry("io.atelier.sample.key", "${ATELIER_SAMPLE_KEY:}"),
            Map.entry("io.atelier.sample.idle-timeout", "${FLOWISE_TIMEOUT:5s}"));

    @ParameterizedTest(name = "{0}={1}")
    @CsvSource(delimiter = '|', textBlock = """
        ATELIER_SAMPLE_SLOTS             | ten    | ATELIER_SAMPLE_SLOTS is 'ten'; it must be a whole number from 1 to 64.
        ATELIER_SAMPLE_SLOTS             | 65     | ATELIER_SAMPLE_SLOTS is '65'; it must be less than or equal to 64.
        ATELIER_SAMPLE_SLOTS             | 1.5    | ATELIER_SAMPLE_SLOTS is '1.5'; it must be a whole number from 1 to 64.
        ATELIER_SAMPLE_KEEP              | 30     | ATELIER_SAMPLE_KEEP is '30'; it must be a duration with its unit, such as 500ms, 30s, 10m, 12h or 30d.
        ATELIER_SAMPLE_KEEP              | 0      | ATELIER_SAMPLE_KEEP is '0'; it must be a duration with its unit, such as 500ms, 30s, 10m, 12h or 30d.
        ATELIER_SAMPLE_KEEP              | month  | ATELIER_SAMPLE_KEEP is 'month'; it must be a duration with its unit, such as 500ms, 30s, 10m, 12h or 30d.
        ATELIER_SAMPLE_KEEP              | 10ms   | ATELIER_SAMPLE_KEEP is '10ms'; it must be longer than or equal to 1 second.
        ATELIER_SAMPLE_LARGEST           | 64     | ATELIER_SAMPLE_LARGEST is '64'; it must be a size with its unit, such as 64KB, 10MB or 1GB.
        ATELIER_SAMPLE_LARGEST           | big    | ATELIER_SAMPLE_LARGEST is 'big'; it must be a size with its unit, such as 64KB, 10MB or 1GB.
        ATELIER_SAMPLE_SEND              | maybe  | ATELIER_SAMPLE_SEND is 'maybe'; it must be true or false.
        ATELIER_SAMPLE_KIND              | fancy  | ATELIER_SAMPLE_KIND is 'fancy'; it must be one of plain, two-fold.
        ATELIER_SAMPLE_BIND              | a b    | ATELIER_SAMPLE_BIND is 'a b'; it must be an address of this machine, such as 127.0.0.1.
        ATELIER_SAMPLE_SERVER            | a b    | ATELIER_SAMPLE_SERVER is 'a b'; it must be a URL, such as http://127.0.0.1:9000.
        ATELIER_SAMPLE_SERVER            | ftp:x  | ATELIER_SAMPLE_SERVER has the scheme ftp; use http or https.
        ATELIER_SAMPLE_POOL              | Big    | ATELIER_SAMPLE_POOL is 'Big'; it must be lower-case letters.
        ATELIER_SAMPLE_KEY               | short  | ATELIER_SAMPLE_KEY has a wrong value; it must have 8 letters.
        IO_ATELIER_SAMPLE_SLOTS  | ten    | IO_ATELIER_SAMPLE_SLOTS is 'ten'; it must be a whole number from 1 to 64.
        IO_ATELIER_SAMPLE_IDLETIMEOUT | 5 | IO_ATELIER_SAMPLE_IDLETIMEOUT is '5'; it must be a duration with its unit, such as 500ms, 30s, 10m, 12h or 30d.
        """)
    void namesTheVariableAndWhatIsAllowed(String variable, String value, String message) {
        context(Map.of(variable, value))
                .run(context -> assertThat(SettingRefused.in(Objects.requireNonNull(context.getStartupFailure())))
                        .get()
                        .extracting(SettingRefused::getMessage)
                        .asString()
                        .contains(message)
                        .doesNotContain("short"));
    }

    @Test
    void reportsAllWrongSettingsAtOnce() {
        context(Map.of("ATELIER_SAMPLE_SLOTS", "65", "ATELIER_SAMPLE_KEEP", "10ms"))
                .run(context -> assertThat(SettingRefused.in(Objects.requireNonNull(context.getStartupFailure())))
                        .get()
                        .extracting(SettingRefused::getMessage)
                        .asString()
                        .contains("ATELIER_SAMPLE_SLOTS is '65'", "ATELIER_SAMPLE_KEEP is '10ms'"));
    }

    @Test
    void takesWhatIsAllowed() {
        context(Map.of(
                        "ATELIER_SAMPLE_SLOTS",
                        "3",
                        "ATELIER_SAMPLE_KEEP",
                        "30d",
                        "ATELIER_SAMPLE_LARGEST",
                        "2MB",
                        "ATELIER_SAMPLE_KIND",
                        "two-fold"))
                .run(context -> {
                    var sample = context.getBean(Sample.class);
                    assertThat(sample.slots()).isEqualTo(3);
                    assertThat(sample.keep()).isEqualTo(Duration.ofDays(30));
                    assertThat(sample.largest()).isEqualTo(DataSize.ofMegabytes(2));
                    assertThat(sample.kind()).isEqualTo(Kind.TWO_FOLD);
                    assertThat(sample.idleTimeout()).isEqualTo(Duration.ofSeconds(5));
                });
    }

    @ParameterizedTest(name = "{0} is {1} s")
    @CsvSource({"120, 120", " 90 , 90", "1m, 60", "0, 0"})
    void takesNumbersAsSecondsInVariablesOfOlderSystems(String value, long seconds) {
        context(Map.of("FLOWISE_TIMEOUT", value))
                .run(context ->
                        assertThat(context.getBean(Sample.class).idleTimeout()).isEqualTo(Duration.ofSeconds(seconds)));
    }

    @Test
    void refusesNumbersWithoutAUnitInOtherVariables() {
        context(Map.of("IO_ATELIER_SAMPLE_KEEP", "${GRACE}", "GRACE", "30"))
                .run(context -> assertThat(SettingRefused.in(Objects.requireNonNull(context.getStartupFailure())))
                        .get()
                        .extracting(SettingRefused::getMessage)
                        .asString()
                        .contains("it must be a duration with its unit"));
    }

    @Test
    void checksSecondsOfOlderSystemsAsOtherDurations() {
        context(Map.of("FLOWISE_TIMEOUT", "-1"))
                .run(context -> assertThat(SettingRefused.in(Objects.requireNonNull(context.getStartupFailure())))
                        .get()
                        .extracting(SettingRefused::getMessage)
                        .asString()
                        .contains("FLOWISE_TIMEOUT is '-1'; it must be longer than or equal to 0."));
    }

    private static ApplicationContextRunner context(Map<String, Object> variables) {
        return new ApplicationContextRunner()
                .withInitializer(context -> {
                    var sources = context.getEnvironment().getPropertySources();
                    sources.replace(
                            "systemEnvironment", new SystemEnvironmentPropertySource("systemEnvironment", variables));
                    sources.addLast(new MapPropertySource("file", FILE));
                })
                .withConfiguration(AutoConfigurations.of(ValidationAutoConfiguration.class))
                .withUserConfiguration(SettingsConfiguration.class, SampleConfiguration.class);
    }

    @Configuration(proxyBeanMethods = false)
    @EnableConfigurationProperties(Sample.class)
    static class SampleConfiguration {}

    /** A word that a setting can be. */
    enum Kind {
        PLAIN,
        TWO_FOLD
    }

    @Validated
    @ConfigurationProperties("io.atelier.sample")
    record Sample(
            @DefaultValue("2") @Min(1) @Max(64) int slots,
            @DefaultValue("1h") @DurationMin(seconds = 1) Duration keep,
            @DefaultValue("1MB") DataSize largest,
            @DefaultValue("true") boolean send,
            @DefaultValue("plain") Kind kind,
            InetAddress bind,
            URI server,

            @DefaultValue("default") @Pattern(regexp = "[a-z]+", message = "must be lower-case letters")
            String pool,

            List<@Pattern(regexp = "[a-z]+", message = "must be lower-case letters") String> pools,

            @DefaultValue("") @Pattern(regexp = "|.{8}", message = "must have 8 letters")
            String key,

            @DefaultValue("5s") @DurationMin(seconds = 0) Duration idleTimeout) {

        Sample {
            if (server.getScheme().equals("ftp")) {
                throw new IllegalArgumentException("io.atelier.sample.server has the scheme ftp; use http or https.");
            }
        }
    }
}
