package io.atelier.embedded;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** Kafka settings of a single-node cluster: broker and controller in one process, replication factor 1. */
final class BrokerSettings {

    static final int NODE = 1;
    static final String CONTROLLER = "CONTROLLER";

    private static final String CLIENTS = "CLIENTS";

    private BrokerSettings() {}

    static Map<String, String> of(Path folder, int port, int controllerPort) {
        var settings = new HashMap<String, String>();
        settings.put("log.dirs", folder.toString());
        settings.put("auto.create.topics.enable", "false");
        settings.putAll(listeners(port, controllerPort));
        settings.putAll(singleReplica());
        settings.putAll(shareGroups());
        settings.putAll(smallMachine());
        return settings;
    }

    private static Map<String, String> listeners(int port, int controllerPort) {
        var clients = CLIENTS + "://" + LoopbackPorts.HOST + ":" + port;
        return Map.of(
                "process.roles",
                "broker,controller",
                "node.id",
                String.valueOf(NODE),
                // A static voter is not written to disk, so the controller may use another port at each start.
                "controller.quorum.voters",
                NODE + "@" + LoopbackPorts.HOST + ":" + controllerPort,
                "listeners",
                clients + "," + CONTROLLER + "://" + LoopbackPorts.HOST + ":" + controllerPort,
                "advertised.listeners",
                clients,
                "listener.security.protocol.map",
                CLIENTS + ":PLAINTEXT," + CONTROLLER + ":PLAINTEXT",
                "controller.listener.names",
                CONTROLLER,
                "inter.broker.listener.name",
                CLIENTS);
    }

    private static Map<String, String> singleReplica() {
        var settings = new HashMap<String, String>();
        settings.put("default.replication.factor", "1");
        settings.put("min.insync.replicas", "1");
        settings.put("offsets.topic.replication.factor", "1");
        settings.put("transaction.state.log.replication.factor", "1");
        settings.put("transaction.state.log.min.isr", "1");
        settings.put("share.coordinator.state.topic.replication.factor", "1");
        settings.put("share.coordinator.state.topic.min.isr", "1");
        // After a kill -9 the controller refuses the new broker until the session of the old one ends: 9 s by
        // default.
        settings.put("broker.session.timeout.ms", "2000");
        settings.put("broker.heartbeat.interval.ms", "500");
        return settings;
    }

    private static Map<String, String> shareGroups() {
        return Map.of(
                // The maximum of Kafka: the workers count attempts themselves, because they can report why a task
                // ended.
                "group.share.delivery.count.limit", "10",
                // Also counts finished records after an unfinished one: a low limit stops a partition behind one long
                // task.
                "group.share.partition.max.record.locks", "10000",
                "group.share.record.lock.duration.ms", "60000",
                // A worker gets its partitions with its second heartbeat: after 5 s by default.
                "group.share.min.heartbeat.interval.ms", "1000",
                "group.share.heartbeat.interval.ms", "1000");
    }

    private static Map<String, String> smallMachine() {
        return Map.of(
                "group.initial.rebalance.delay.ms", "0",
                "offsets.topic.num.partitions", "4",
                "transaction.state.log.num.partitions", "4",
                "share.coordinator.state.topic.num.partitions", "4",
                "log.cleaner.dedupe.buffer.size", "16777216",
                // After a kill -9 the segment that is written to is read from its beginning, in each partition; the
                // default is 1 GB.
                "log.segment.bytes", "33554432",
                "num.network.threads", "2",
                "num.io.threads", "4",
                "background.threads", "2");
    }
}
