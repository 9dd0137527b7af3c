package io.atelier.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

class StorageConfigurationTests {

    private final ApplicationContextRunner application = new ApplicationContextRunner()
            .withUserConfiguration(StorageConfiguration.class)
            .withPropertyValues(
                    "io.atelier.storage.endpoint=http://127.0.0.1:9",
                    "io.atelier.storage.access-key=access",
                    "io.atelier.storage.secret-key=a secret");

    @Test
    void createsAStoreWithoutConnecting() {
        application.run(context -> {
            assertThat(context).hasSingleBean(ObjectStore.class);
            var settings = context.getBean(StorageProperties.class);
            assertThat(settings.bucket()).isEqualTo("atelier");
            assertThat(settings.region()).isEqualTo("us-east-1");
            assertThat(settings.linkEndpoint()).isEqualTo(URI.create("http://127.0.0.1:9"));
            assertThat(settings.connectTimeout()).isEqualTo(Duration.ofSeconds(2));
            assertThat(settings.silenceTimeout()).isEqualTo(Duration.ofSeconds(20));
            assertThat(settings.callTimeout()).isEqualTo(Duration.ofMinutes(1));
        });
    }

    @Test
    void readsAllSettings() {
        application
                .withPropertyValues(
                        "io.atelier.storage.public-endpoint=https://images.example.test/",
                        "io.atelier.storage.region=default",
                        "io.atelier.storage.bucket=my-images",
                        "io.atelier.storage.call-timeout=5s")
                .run(context -> {
                    var settings = context.getBean(StorageProperties.class);
                    assertThat(settings.linkEndpoint()).isEqualTo(URI.create("https://images.example.test/"));
                    assertThat(settings.region()).isEqualTo("default");
                    assertThat(settings.bucket()).isEqualTo("my-images");
                    assertThat(settings.callTimeout()).isEqualTo(Duration.ofSeconds(5));
                });
    }

    @ParameterizedTest
    @CsvSource({
        "endpoint,          http://127.0.0.1:9000/bucket, without a path",
        "endpoint,          ftp://127.0.0.1,              http://host:port",
        "endpoint,          127.0.0.1:9000,               Failed to bind properties under"
                + " 'io.atelier.storage.endpoint'",
        "endpoint,          http://me:pw@127.0.0.1,       http://host:port",
        "public-endpoint,   https://a.example/?x=1,       io.atelier.storage.public-endpoint",
        "certificates,      /none.pem,                    it must be a PEM file with certificates",
        "bucket,            My_Bucket,                    must be 3 to 63 characters",
        "access-key,        '',                           must not be blank",
        "connect-timeout,   0s,                           connectTimeout"
    })
    void rejectsInvalidSettingsAtStart(String setting, String value, String message) {
        application
                .withPropertyValues("io.atelier.storage." + setting + "=" + value)
                .run(context -> assertThat(context)
                        .hasFailed()
                        .getFailure()
                        .satisfies(failure -> assertThat(messages(failure)).contains(message)));
    }

    @Test
    void requiresAnEndpointAndKeys() {
        new ApplicationContextRunner()
                .withUserConfiguration(StorageConfiguration.class)
                .run(context -> assertThat(context)
                        .hasFailed()
                        .getFailure()
                        .satisfies(failure -> assertThat(messages(failure))
                                .contains("endpoint")
                                .contains("accessKey")
                                .contains("secretKey")));
    }

    @Test
    void hidesTheSecret() {
        application.run(context -> assertThat(context.getBean(StorageProperties.class))
                .asString()
                .contains("access")
                .doesNotContain("a secret"));
    }

    @Test
    void usesTheStoreOfAFactoryForItsServer() {
        var store = new InMemoryObjectStore();
        ObjectStoreFactory factory = (server, bucket, callTimeout, links) -> {
            var isOwn = server.equals(URI.create("http://127.0.0.1:9"))
                    && bucket.equals("atelier")
                    && callTimeout.equals(Duration.ofMinutes(1));
            return isOwn ? Optional.of(store) : Optional.empty();
        };
        var withFactory = application.withBean(ObjectStoreFactory.class, () -> factory);

        withFactory.run(
                context -> assertThat(context.getBean(ObjectStore.class)).isSameAs(store));
        withFactory
                .withPropertyValues("io.atelier.storage.endpoint=http://127.0.0.1:10")
                .run(context -> assertThat(context.getBean(ObjectStore.class)).isInstanceOf(MinioObjectStore.class));
    }

    @Test
    void givesAFactoryLinks() {
        var given = new AtomicReference<URI>();
        ObjectStoreFactory factory = (server, bucket, callTimeout, links) -> {
            given.set(links.link(new ObjectKey("jobs/0.png"), Duration.ofMinutes(10), "inline"));
            return Optional.empty();
        };

        application
                .withBean(ObjectStoreFactory.class, () -> factory)
                .withPropertyValues("io.atelier.storage.public-endpoint=https://images.example.test")
                .run(context -> assertThat(context).hasNotFailed());

        assertThat(given.get())
                .hasScheme("https")
                .hasHost("images.example.test")
                .hasPath("/atelier/jobs/0.png")
                .hasParameter("X-Amz-Signature");
    }

    @Test
    void createsAPublisherWithoutConnecting() {
        application.withUserConfiguration(PublishingConfiguration.class).run(context -> {
            assertThat(context.getBean(ObjectPublisher.class).bucket()).isEqualTo("avatars");
            assertThat(context.getBean(AvatarStorageProperties.class)
                            .keys()
                            .key("42", 0)
                            .value())
                    .isEqualTo("avatars/42/img_0.png");
        });
        application
                .withUserConfiguration(PublishingConfiguration.class)
                .withPropertyValues(
                        "io.atelier.avatars.bucket=portfolio",
                        "io.atelier.avatars.key-template=people/{persona}/{index}.png")
                .run(context -> {
                    assertThat(context.getBean(ObjectPublisher.class).bucket()).isEqualTo("portfolio");
                    assertThat(context.getBean(AvatarStorageProperties.class)
                                    .keys()
                                    .folder())
                            .isEqualTo("people/");
                });
    }

    @ParameterizedTest
    @CsvSource({
        "bucket,       My_Bucket,          must be 3 to 63 characters",
        "key-template, avatars/{index}.png, contains {persona} and {index}"
    })
    void rejectsInvalidSettingsOfPublishing(String setting, String value, String message) {
        application
                .withUserConfiguration(PublishingConfiguration.class)
                .withPropertyValues("io.atelier.avatars." + setting + "=" + value)
                .run(context -> assertThat(context)
                        .hasFailed()
                        .getFailure()
                        .satisfies(failure -> assertThat(messages(failure)).contains(message)));
    }

    @Test
    void preparesABucketOfItsOwnJvmWithoutAConnection() {
        ObjectStoreFactory factory = (server, bucket, callTimeout, links) -> Optional.of(new InMemoryObjectStore());

        application
                .withUserConfiguration(PublishingConfiguration.class)
                .withBean(ObjectStoreFactory.class, () -> factory)
                .run(context -> assertThat(
                                context.getBean(ObjectPublisher.class).prepare())
                        .isCompleted());
    }

    private static String messages(Throwable failure) {
        var messages = new StringBuilder();
        for (var at = failure; at != null; at = at.getCause()) {
            messages.append(at).append('\n');
        }
        return messages.toString();
    }
}
