package io.atelier.gateway.erasure;

import io.atelier.storage.ObjectStore;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.Consumer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.messaging.Message;

/** Wires the erasers, one in each gateway: the group gives every event to one of them. */
@Configuration(proxyBeanMethods = false)
public final class ErasureConfiguration {

    /** As in the stream bindings. */
    private static final String GROUP = "erasers";

    /** Named in gateway's stream bindings. */
    @Bean
    Consumer<Message<byte[]>> eraser(ObjectStore store, MeterRegistry meters) {
        return new Eraser(store, meters);
    }

    @Bean
    Persistence eraserPersistence() {
        return new Persistence(GROUP);
    }
}
