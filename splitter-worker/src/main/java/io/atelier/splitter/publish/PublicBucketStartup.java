package io.atelier.splitter.publish;

import io.atelier.messaging.thread.DaemonThreads;
import io.atelier.storage.ObjectPublisher;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.ApplicationListener;

/**
 * Creates the bucket of published images once the worker is ready, in the background. A failure is logged and stops nothing, because most systems
 * publish no images; a task that publishes some creates the bucket, too.
 */
public final class PublicBucketStartup implements ApplicationListener<ApplicationReadyEvent> {

    private static final Logger LOG = LoggerFactory.getLogger(PublicBucketStartup.class);

    private final ObjectPublisher publisher;

    public PublicBucketStartup(ObjectPublisher publisher) {
        this.publisher = publisher;
    }

    @Override
    public void onApplicationEvent(ApplicationReadyEvent ready) {
        DaemonThreads.create("public-bucket", this::prepare).start();
    }

    private void prepare() {
        var unused = publisher.prepare().whenComplete((prepared, failure) -> {
            if (failure != null) {
                LOG.warn("Images of avatars cannot be published now: {} All other work goes on.", failure.getMessage());
            }
        });
    }
}
