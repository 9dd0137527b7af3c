package io.atelier.worker.presence;

import static org.assertj.core.api.Assertions.assertThat;

import io.atelier.contract.work.WorkerAnnounced;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class PeerWorkersTests {

    private static final Instant AT = Instant.parse("2026-11-30T10:00:00Z");
    private static final long HEARTBEAT_MILLIS = 5_000;

    private Instant now = AT;
    private final PeerWorkers peers = new PeerWorkers("own", () -> now);

    @Test
    void otherLiveWorkersOfThePoolArePeers() {
        peers.put(heartbeat("own", "default", false), AT);
        peers.put(heartbeat("a", "default", false), AT);
        peers.put(heartbeat("b", "other", false), AT);

        assertThat(peers.ofPool("default")).extracting(WorkerAnnounced::id).containsExactly("a");
    }

    @Test
    void aWorkerWhoseHeartbeatsAreMissingIsLost() {
        peers.put(heartbeat("a", "default", false), AT);

        now = AT.plusMillis(3 * HEARTBEAT_MILLIS - 1);
        assertThat(peers.ofPool("default")).hasSize(1);
        now = AT.plusMillis(3 * HEARTBEAT_MILLIS);
        assertThat(peers.ofPool("default")).isEmpty();
    }

    @Test
    void aWorkerThatLeavesIsGone() {
        peers.put(heartbeat("a", "default", false), AT);

        peers.put(heartbeat("a", "default", true), AT);

        assertThat(peers.ofPool("default")).isEmpty();
    }

    @Test
    void theOwnHeartbeatFollowsAllEarlierOnes() throws Exception {
        peers.put(heartbeat("a", "default", false), AT);
        peers.put(heartbeat("own", "default", false), AT);

        assertThat(peers.awaitCaughtUp(Duration.ofHours(1))).isTrue();

        assertThat(peers.ofPool("default")).hasSize(1);
    }

    @DisplayName("The heartbeat of an earlier process with the same id does not show that the topic was read")
    @Test
    void theHeartbeatOfAnEarlierProcessIsNotTheOwnOne() throws Exception {
        peers.put(heartbeat("own", "default", false, AT.minusMillis(1)), AT);
        assertThat(peers.awaitCaughtUp(Duration.ZERO)).isFalse();

        peers.put(heartbeat("own", "default", false, AT), AT);
        assertThat(peers.awaitCaughtUp(Duration.ZERO)).isTrue();
    }

    private static WorkerAnnounced heartbeat(String id, String pool, boolean leaving) {
        return heartbeat(id, pool, leaving, AT);
    }

    private static WorkerAnnounced heartbeat(String id, String pool, boolean leaving, Instant at) {
        return new WorkerAnnounced(
                id,
                WorkerAnnounced.GENERATOR,
                pool,
                List.of("pocket"),
                "cpu",
                2,
                0,
                null,
                at,
                at,
                HEARTBEAT_MILLIS,
                leaving,
                null,
                null);
    }
}
