package io.atelier.worker.binding;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

@ExtendWith(OutputCaptureExtension.class)
class ProducerOutageLogTests {

    private static final ProducerRecord<Object, Object> RECORD = new ProducerRecord<>("atelier.workers", "content");
    private static final RecordMetadata STORED =
            new RecordMetadata(new TopicPartition("atelier.workers", 0), 0, 0, 0, 0, 0);

    private static final RecordMetadata NOT_CONFIRMED =
            new RecordMetadata(new TopicPartition("atelier.progress", 0), -1, 0, 0, 0, 0);

    private final ProducerOutageLog log = new ProducerOutageLog();

    @Test
    void eachOutageIsTwoLinesWithoutTheContentOfRecords(CapturedOutput output) {
        log.onSuccess(RECORD, STORED);
        for (int outage = 0; outage < 2; outage++) {
            for (int record = 0; record < 100; record++) {
                log.onError(RECORD, null, new TimeoutException("no broker"));
            }
            for (int record = 0; record < 100; record++) {
                log.onSuccess(RECORD, STORED);
            }
        }

        var lines = lines(output);
        assertThat(lines).hasSize(4);
        assertThat(lines.get(0)).contains("The Kafka brokers do not answer. Running tasks go on", "no broker");
        assertThat(lines.get(1)).contains("The Kafka brokers answer again.");
        assertThat(output.getOut()).doesNotContain("content");
    }

    @Test
    void aRecordThatNoBrokerConfirmedIsNoEndOfAnOutage(CapturedOutput output) {
        log.onError(RECORD, null, new TimeoutException("no broker"));

        log.onSuccess(RECORD, NOT_CONFIRMED);

        assertThat(lines(output)).hasSize(1);
    }

    private static List<String> lines(CapturedOutput output) {
        return output.getOut()
                .lines()
                .filter(line -> line.contains("ProducerOutageLog"))
                .toList();
    }
}
