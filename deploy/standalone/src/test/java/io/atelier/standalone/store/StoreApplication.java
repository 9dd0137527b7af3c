package io.atelier.standalone.store;

import io.atelier.storage.ObjectPublisher;
import io.atelier.storage.ObjectStore;
import io.atelier.storage.ObjectStoreFactory;
import io.atelier.storage.PublishingConfiguration;
import io.atelier.storage.StorageConfiguration;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.core.env.MapPropertySource;

/** An application that has an object store and nothing else. */
public final class StoreApplication implements AutoCloseable {

    private final AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();

    /** Creates an S3 client. */
    public StoreApplication(URI server, String accessKey, String secretKey, String bucket) {
        this(server, accessKey, secretKey, bucket, (address, name, timeout, links) -> Optional.empty());
    }

    StoreApplication(URI server, String accessKey, String secretKey, String bucket, ObjectStoreFactory stores) {
        var settings = Map.<String, Object>of(
                "io.atelier.storage.endpoint", server.toString(),
                "io.atelier.storage.access-key", accessKey,
                "io.atelier.storage.secret-key", secretKey,
                "io.atelier.storage.bucket", bucket);
        context.getEnvironment().getPropertySources().addFirst(new MapPropertySource("tests", settings));
        context.registerBean(ObjectStoreFactory.class, () -> stores);
        context.register(StorageConfiguration.class, PublishingConfiguration.class);
        context.refresh();
    }

    public ObjectStore store() {
        return context.getBean(ObjectStore.class);
    }

    /** A publisher of copies of the objects, in the bucket {@code avatars}. */
    ObjectPublisher publisher() {
        return context.getBean(ObjectPublisher.class);
    }

    @Override
    public void close() {
        context.close();
    }
}
