package io.atelier.gateway.view.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Properties;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.kstream.Consumed;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RestartingStreamsTests {

    @TempDir
    private Path folder;

    private final AtomicInteger attempts = new AtomicInteger();

    @Test
    void aStartThatFailsIsRepeatedWithAnotherInstance() {
        var streams = streams(instance -> {
            if (attempts.incrementAndGet() < 3) {
                throw new RejectedExecutionException("shut down");
            }
        });

        streams.start();

        // It is not running, so it may have been replaced already.
        assertThat(attempts).hasValueGreaterThanOrEqualTo(3);
        streams.close();
        assertThat(streams.current()).isEmpty();
    }

    @Test
    void aStartThatFailsThreeTimesFails() {
        var streams = streams(instance -> {
            throw new RejectedExecutionException("shut down " + attempts.incrementAndGet());
        });

        assertThatThrownBy(streams::start)
                .isInstanceOf(RejectedExecutionException.class)
                .hasMessage("shut down 3");

        assertThat(streams.current()).isEmpty();
    }

    private RestartingStreams streams(Consumer<KafkaStreams> starter) {
        return new RestartingStreams(this::instance, starter);
    }

    /** An application that is never started. */
    private KafkaStreams instance() {
        var settings = new Properties();
        settings.put(StreamsConfig.APPLICATION_ID_CONFIG, "test");
        settings.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "127.0.0.1:1");
        settings.put(StreamsConfig.STATE_DIR_CONFIG, folder.toString());
        var builder = new StreamsBuilder();
        builder.stream("input", Consumed.with(Serdes.String(), Serdes.String())).to("output");
        return new KafkaStreams(builder.build(), settings);
    }
}
