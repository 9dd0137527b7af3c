package io.atelier.gateway.api.operations;

import io.atelier.gateway.api.topics.TopicQueries;
import io.atelier.gateway.api.topics.TopicQuery;
import io.atelier.messaging.DeadLetter;
import io.atelier.messaging.EventCodec;
import io.atelier.messaging.KafkaClientFactory;
import io.atelier.messaging.Topic;
import io.atelier.messaging.UnreadableRecord;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;

/** Reads the dead letters from their topic for each request. Leaves out records that this version cannot read. */
public final class KafkaDeadLetters implements DeadLetters, Disposable {

    private static final Logger LOG = LoggerFactory.getLogger(KafkaDeadLetters.class);

    private final TopicQueries queries;

    public KafkaDeadLetters(KafkaClientFactory clients) {
        this.queries = new TopicQueries(clients, "dead letters");
    }

    @Override
    public Mono<List<DeadLetterObject>> latest(int limit) {
        return queries.read(query -> latest(query, limit));
    }

    @Override
    public void dispose() {
        queries.dispose();
    }

    private static List<DeadLetterObject> latest(TopicQuery query, int limit) {
        var found = new ArrayList<DeadLetterObject>();
        // Any one partition may have all of the newest ones.
        query.last(Topic.DEAD_LETTERS, limit, record -> add(record, found));
        found.sort(Comparator.comparing(DeadLetterObject::at).reversed());
        return List.copyOf(found.subList(0, Math.min(limit, found.size())));
    }

    private static void add(ConsumerRecord<String, byte[]> record, List<DeadLetterObject> found) {
        try {
            found.add(DeadLetterObject.of(EventCodec.read(record.value(), DeadLetter.class)));
        } catch (UnreadableRecord e) {
            LOG.warn(
                    "The record {}-{}@{} is not a readable dead letter: {}",
                    record.topic(),
                    record.partition(),
                    record.offset(),
                    e.getMessage());
        }
    }
}
