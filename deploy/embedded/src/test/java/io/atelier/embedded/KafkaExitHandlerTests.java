package io.atelier.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class KafkaExitHandlerTests {

    @Test
    void aFullDiskHasAStatusOfItsOwnSoThatTheSystemIsStartedAgain() {
        assertThat(KafkaExitHandler.status(1, () -> 5L << 20)).isEqualTo(EmbeddedBroker.DISK_FULL_STATUS);
        assertThat(KafkaExitHandler.status(1, () -> 5L << 30)).isEqualTo(1);
    }
}
