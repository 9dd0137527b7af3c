package io.atelier.messaging.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.SslConfigs;
import org.apache.kafka.common.security.ssl.DefaultSslEngineFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.kafka.autoconfigure.KafkaProperties;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/** Kafka's own reader of settings gets the certificates and the key of a bundle. */
class KafkaSslBundlesTests {

    private static final String PASSWORD = "store-password";

    @TempDir
    private static Path folder;

    private static Path keyStore;
    private static Path trustStore;
    private static Path certificate;

    @BeforeAll
    static void makeStores() throws IOException, InterruptedException {
        keyStore = folder.resolve("keys.p12");
        trustStore = folder.resolve("trust.p12");
        certificate = folder.resolve("certificate.pem");
        keytool(keyStore, "-genkeypair", "-alias", "client", "-keyalg", "EC", "-dname", "CN=client");
        keytool(keyStore, "-exportcert", "-alias", "client", "-rfc", "-file", certificate.toString());
        keytool(trustStore, "-importcert", "-alias", "authority", "-noprompt", "-file", certificate.toString());
    }

    @Test
    void aBundleOfKeyStoresIsUsedByAllClients() {
        var kafka = kafka(Map.of(
                "SPRING_KAFKA_SSL_BUNDLE",
                "brokers",
                "SPRING_SSL_BUNDLE_JKS_BROKERS_KEYSTORE_LOCATION",
                "file:" + keyStore,
                "SPRING_SSL_BUNDLE_JKS_BROKERS_KEYSTORE_PASSWORD",
                PASSWORD,
                "SPRING_SSL_BUNDLE_JKS_BROKERS_TRUSTSTORE_LOCATION",
                "file:" + trustStore,
                "SPRING_SSL_BUNDLE_JKS_BROKERS_TRUSTSTORE_PASSWORD",
                PASSWORD,
                "SPRING_SSL_BUNDLE_JKS_BROKERS_OPTIONS_ENABLEDPROTOCOLS",
                "TLSv1.3"));

        for (var settings : List.of(
                kafka.buildAdminProperties(),
                kafka.buildConsumerProperties(),
                kafka.buildProducerProperties(),
                kafka.buildStreamsProperties())) {
            var engines = engines(settings);
            assertThat(engines.keystore()).isNotNull();
            assertThat(engines.truststore()).isNotNull();
            assertThat(engines.createClientSslEngine("127.0.0.1", 1, "").getEnabledProtocols())
                    .containsExactly("TLSv1.3");
        }
    }

    @Test
    void aBundleOfPemFilesIsUsedByTheClientsThatNameIt() {
        var kafka = kafka(Map.of(
                "SPRING_KAFKA_CONSUMER_SSL_BUNDLE",
                "brokers",
                "SPRING_SSL_BUNDLE_PEM_BROKERS_TRUSTSTORE_CERTIFICATE",
                "file:" + certificate));

        assertThat(engines(kafka.buildConsumerProperties()).truststore()).isNotNull();
        assertThat(kafka.buildProducerProperties()).doesNotContainKey(SslConfigs.SSL_TRUSTSTORE_CERTIFICATES_CONFIG);
    }

    @Test
    void anUnknownBundleIsRefused() {
        assertThatThrownBy(() -> kafka(Map.of("SPRING_KAFKA_SSL_BUNDLE", "none")))
                .isInstanceOf(SettingRefused.class)
                .hasMessage("SPRING_KAFKA_SSL_BUNDLE is 'none'; it must be the name of a bundle below"
                        + " spring.ssl.bundle.pem or spring.ssl.bundle.jks.");
    }

    @Test
    void aBundleThatCannotBeReadIsRefused() {
        assertThatThrownBy(() -> kafka(Map.of(
                        "SPRING_KAFKA_SSL_BUNDLE",
                        "brokers",
                        "SPRING_SSL_BUNDLE_PEM_BROKERS_TRUSTSTORE_CERTIFICATE",
                        "file:" + folder.resolve("none.pem"))))
                .isInstanceOf(SettingRefused.class)
                .hasMessageStartingWith("SPRING_KAFKA_SSL_BUNDLE is 'brokers'; that bundle cannot be used: ");
    }

    @Test
    void aKeyMustBeChosenWhereThereAreSeveral() throws IOException, InterruptedException {
        var two = folder.resolve("two.p12");
        keytool(two, "-genkeypair", "-alias", "first", "-keyalg", "EC", "-dname", "CN=first");
        keytool(two, "-genkeypair", "-alias", "second", "-keyalg", "EC", "-dname", "CN=second");
        var variables = new HashMap<String, Object>(Map.of(
                "SPRING_KAFKA_SSL_BUNDLE",
                "brokers",
                "SPRING_SSL_BUNDLE_JKS_BROKERS_KEYSTORE_LOCATION",
                "file:" + two,
                "SPRING_SSL_BUNDLE_JKS_BROKERS_KEYSTORE_PASSWORD",
                PASSWORD));

        assertThatThrownBy(() -> kafka(variables))
                .hasMessageEndingWith("its key store has 2 keys; name one of them by key.alias.");
        variables.put("SPRING_SSL_BUNDLE_JKS_BROKERS_KEY_ALIAS", "second");
        assertThat(engines(kafka(variables).buildAdminProperties()).keystore()).isNotNull();
    }

    @Test
    void aBundleBesideOtherCertificatesIsRefused() {
        assertThatThrownBy(() -> kafka(Map.of(
                        "SPRING_KAFKA_SSL_BUNDLE", "brokers", "SPRING_KAFKA_SSL_TRUSTSTORELOCATION", "file:trust.p12")))
                .isInstanceOf(SettingRefused.class)
                .hasMessageStartingWith("SPRING_KAFKA_SSL_BUNDLE and SPRING_KAFKA_SSL_TRUSTSTORELOCATION are both set");
    }

    private static KafkaProperties kafka(Map<String, Object> variables) {
        var environment = new StandardEnvironment();
        var name = StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME;
        environment.getPropertySources().replace(name, new SystemEnvironmentPropertySource(name, variables));
        ConfigurationPropertySources.attach(environment);
        KafkaSslBundles.replaceBundles(environment);
        return Binder.get(environment).bindOrCreate("spring.kafka", Bindable.of(KafkaProperties.class));
    }

    private static DefaultSslEngineFactory engines(Map<String, Object> settings) {
        var definition = new ConfigDef();
        SslConfigs.addClientSslSupport(definition);
        var engines = new DefaultSslEngineFactory();
        engines.configure(definition.parse(settings));
        return engines;
    }

    private static void keytool(Path store, String... arguments) throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString()));
        command.addAll(List.of(arguments));
        command.addAll(List.of("-keystore", store.toString(), "-storetype", "PKCS12", "-storepass", PASSWORD));
        var process = new ProcessBuilder(command).redirectErrorStream(true).start();
        var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
    }
}
