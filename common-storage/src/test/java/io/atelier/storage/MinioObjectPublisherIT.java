package io.atelier.storage;

import io.atelier.embedded.EmbeddedObjectStore;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

class MinioObjectPublisherIT extends S3ObjectPublisherContract {

    private static final String ACCESS_KEY = "tester";
    private static final String SECRET_KEY = "a secret of tests";

    @TempDir
    static Path folder;

    private static EmbeddedObjectStore embedded;

    @BeforeAll
    static void start() {
        embedded = EmbeddedObjectStore.start(folder, 0, ACCESS_KEY, SECRET_KEY);
    }

    @AfterAll
    static void stop() {
        embedded.close();
    }

    @Override
    S3Server server() {
        return new S3Server(embedded.endpoint(), ACCESS_KEY, SECRET_KEY);
    }
}
