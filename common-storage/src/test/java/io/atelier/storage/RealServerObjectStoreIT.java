package io.atelier.storage;

import java.net.URI;
import org.junit.jupiter.api.Tag;

/** The contract with an external S3 server; the user needs permission to create buckets. */
@Tag("containers")
class RealServerObjectStoreIT extends S3ObjectStoreContract {

    @Override
    S3Server server() {
        return external();
    }

    static S3Server external() {
        return new S3Server(
                URI.create(setting("ATELIER_TEST_S3_ENDPOINT")),
                setting("ATELIER_TEST_S3_ACCESS_KEY"),
                setting("ATELIER_TEST_S3_SECRET_KEY"));
    }

    private static String setting(String name) {
        var property = System.getProperty(name);
        var value = property == null ? System.getenv(name) : property;
        if (value == null || value.isBlank()) {
            throw new AssertionError("These tests need a running S3 server: set " + name
                    + " as an environment variable or system property (ATELIER_TEST_S3_ENDPOINT, ATELIER_TEST_S3_ACCESS_KEY,"
                    + " ATELIER_TEST_S3_SECRET_KEY)");
        }
        return value;
    }
}
