package io.atelier.standalone.store;

import io.atelier.embedded.EmbeddedObjectStore;
import io.atelier.storage.ObjectPublisher;
import io.atelier.storage.ObjectStore;
import java.nio.file.Path;
import java.util.Optional;

/** An embedded S3 server and two applications that use it: one in its JVM, and one that sends requests. */
final class EmbeddedServer implements AutoCloseable {

    private static final String ACCESS_KEY = "tester";
    private static final String SECRET_KEY = "a secret of tests";

    private final EmbeddedObjectStore server;
    private final InProcessObjectStores factory;
    private final StoreApplication inProcess;
    private final StoreApplication client;

    private volatile boolean isRunning = true;

    EmbeddedServer(Path folder, String bucket) {
        this.server = EmbeddedObjectStore.start(folder, 0, ACCESS_KEY, SECRET_KEY);
        this.factory = new InProcessObjectStores(
                server.endpoint(), () -> Optional.of(server).filter(running -> isRunning));
        this.inProcess = new StoreApplication(server.endpoint(), ACCESS_KEY, SECRET_KEY, bucket, factory);
        this.client = new StoreApplication(server.endpoint(), ACCESS_KEY, SECRET_KEY, bucket);
    }

    /** The store under test. */
    ObjectStore inProcess() {
        return inProcess.store();
    }

    /** A store in the same bucket that is an S3 client. */
    ObjectStore client() {
        return client.store();
    }

    /** A publisher of the application in the JVM of the server. */
    ObjectPublisher publisher() {
        return inProcess.publisher();
    }

    /** Makes the server look like one that has not started yet. */
    void hide() {
        isRunning = false;
    }

    void stop() {
        server.close();
    }

    void closeFactory() {
        factory.close();
    }

    @Override
    public void close() {
        inProcess.close();
        client.close();
        factory.close();
        server.close();
    }
}
