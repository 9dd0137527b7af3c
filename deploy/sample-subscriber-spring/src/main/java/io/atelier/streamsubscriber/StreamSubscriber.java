package io.atelier.streamsubscriber;

import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.kafka.support.KafkaHeaders;
import org.springframework.messaging.Message;

/** Logs each job that succeeded. The binding to the topic is in application.yml. */
@SpringBootApplication
public class StreamSubscriber {

    private static final Logger log = LoggerFactory.getLogger(StreamSubscriber.class);

    public static void main(String[] arguments) {
        SpringApplication.run(StreamSubscriber.class, arguments);
    }

    /** Repeated events come twice, and an exception is retried twice, then logged: see the README. */
    @Bean
    Consumer<Message<byte[]>> generations() {
        return event -> {
            if ("io.atelier.generation.succeeded.v1".equals(text(event, "ce_type"))) {
                log.info(
                        "{} succeeded: {}",
                        text(event, KafkaHeaders.RECEIVED_KEY),
                        new String(event.getPayload(), StandardCharsets.UTF_8));
            }
        };
    }

    /** Kafka's headers are bytes. */
    private static String text(Message<?> event, String header) {
        return event.getHeaders().get(header) instanceof byte[] bytes ? new String(bytes, StandardCharsets.UTF_8) : "";
    }
}
