package io.atelier.standalone.journey;

import io.atelier.embedded.EmbeddedBroker;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A broker that serves clients with TLS and a password only, and a certificate that no authority of the JVM has signed. */
final class SecuredKafka implements AutoCloseable {

    private static final String STORE_PASSWORD = "store-password";

    private static final String LOGIN =
            "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"atelier\""
                    + " password=\"letmein\"";

    private final Path certificate;
    private final Path trustStore;
    private final EmbeddedBroker broker;

    private SecuredKafka(Path certificate, Path trustStore, EmbeddedBroker broker) {
        this.certificate = certificate;
        this.trustStore = trustStore;
        this.broker = broker;
    }

    static SecuredKafka start(Path folder) throws IOException, InterruptedException {
        Files.createDirectories(folder);
        var keyStore = folder.resolve("keys.p12");
        var certificate = folder.resolve("certificate.pem");
        var trustStore = folder.resolve("trust.p12");
        keytool(
                keyStore,
                "-genkeypair",
                "-alias",
                "broker",
                "-keyalg",
                "EC",
                "-dname",
                "CN=test",
                "-ext",
                "san=ip:127.0.0.1");
        keytool(keyStore, "-exportcert", "-alias", "broker", "-rfc", "-file", certificate.toString());
        keytool(trustStore, "-importcert", "-alias", "broker", "-noprompt", "-file", certificate.toString());
        var settings = Map.of(
                "listener.security.protocol.map",
                "CLIENTS:SASL_SSL,CONTROLLER:PLAINTEXT",
                "sasl.enabled.mechanisms",
                "PLAIN",
                "sasl.mechanism.inter.broker.protocol",
                "PLAIN",
                "listener.name.clients.plain.sasl.jaas.config",
                LOGIN + " user_atelier=\"letmein\";",
                "ssl.keystore.type",
                "PKCS12",
                "ssl.keystore.location",
                keyStore.toString(),
                "ssl.keystore.password",
                STORE_PASSWORD,
                "ssl.truststore.type",
                "PKCS12",
                "ssl.truststore.location",
                trustStore.toString(),
                "ssl.truststore.password",
                STORE_PASSWORD);
        return new SecuredKafka(certificate, trustStore, EmbeddedBroker.start(folder.resolve("broker"), 0, settings));
    }

    /** The variables with which a process reaches the broker, as in docs/configuration.md. */
    Map<String, String> variables() {
        return Map.of(
                "ATELIER_KAFKA",
                broker.bootstrapServers(),
                "SPRING_KAFKA_SECURITY_PROTOCOL",
                "SASL_SSL",
                "SPRING_KAFKA_PROPERTIES_SASL_MECHANISM",
                "PLAIN",
                "SPRING_KAFKA_PROPERTIES_SASL_JAAS_CONFIG",
                LOGIN + ";",
                "SPRING_KAFKA_SSL_TRUSTSTORETYPE",
                "PKCS12",
                "SPRING_KAFKA_SSL_TRUSTSTORELOCATION",
                "file:" + trustStore,
                "SPRING_KAFKA_SSL_TRUSTSTOREPASSWORD",
                STORE_PASSWORD);
    }

    /** The same, with the certificate as a bundle of Spring Boot. */
    Map<String, String> variablesWithBundle() {
        var variables = new HashMap<>(variables());
        variables.keySet().removeIf(name -> name.startsWith("SPRING_KAFKA_SSL_"));
        variables.put("SPRING_KAFKA_SSL_BUNDLE", "brokers");
        variables.put("SPRING_SSL_BUNDLE_PEM_BROKERS_TRUSTSTORE_CERTIFICATE", "file:" + certificate);
        return variables;
    }

    @Override
    public void close() {
        broker.close();
    }

    private static void keytool(Path store, String... arguments) throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString()));
        command.addAll(List.of(arguments));
        command.addAll(List.of("-keystore", store.toString(), "-storetype", "PKCS12", "-storepass", STORE_PASSWORD));
        var process = new ProcessBuilder(command).redirectErrorStream(true).start();
        var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new AssertionError(output);
        }
    }
}
