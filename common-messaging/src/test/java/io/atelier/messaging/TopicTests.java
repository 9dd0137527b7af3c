package io.atelier.messaging;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.TopicConfig;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class TopicTests {

    private static final Duration DAY = Duration.ofDays(1);

    @DisplayName("A topic that is written to without a break keeps no more than a quarter above a retention of hours")
    @Test
    void shortRetentionsEndInTime() {
        var kept = Topic.all(List.of("default"), 1).stream()
                .filter(topic -> millis(topic, TopicConfig.RETENTION_MS_CONFIG) < DAY.toMillis())
                .toList();

        assertThat(kept).extracting(NewTopic::name).contains(Topic.PROGRESS, Topic.WORKER_COMMANDS);
        assertThat(kept)
                .allSatisfy(topic -> assertThat(millis(topic, TopicConfig.SEGMENT_MS_CONFIG))
                        .isLessThanOrEqualTo(millis(topic, TopicConfig.RETENTION_MS_CONFIG) / 4));
    }

    private static long millis(NewTopic topic, String config) {
        var value = topic.configs().get(config);
        return value == null ? Long.MAX_VALUE : Long.parseLong(value);
    }
}
