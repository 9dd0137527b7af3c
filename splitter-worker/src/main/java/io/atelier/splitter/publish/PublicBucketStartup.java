package io.atelier.splitter.publish;

import io.atelier.messaging.thread.DaemonThreads;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.ApplicationListener;

/**
 * Creates the bucket of published images once the worker is ready, in the background. A failure shows in {@link PublishingHealth} and stops nothing, because
 * most systems publish no images; a task that publishes some creates the bucket, too.
 */
public final class PublicBucketStartup implements ApplicationListener<ApplicationReadyEvent> {

    private final PublishingHealth health;

    public PublicBucketStartup(PublishingHealth health) {
        this.health = health;
    }

    @Override
    public void onApplicationEvent(ApplicationReadyEvent ready) {
        DaemonThreads.create("public-bucket", health::prepare).start();
    }
}
