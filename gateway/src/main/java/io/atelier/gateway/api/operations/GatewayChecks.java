package io.atelier.gateway.api.operations;

import io.atelier.gateway.view.jobs.Jobs;
import io.atelier.storage.ObjectStoreFailed;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.boot.availability.ApplicationAvailability;
import org.springframework.boot.availability.ReadinessState;
import reactor.core.publisher.Mono;

/** What the gateway needs, for probes and for health. The checks run at the same time and take less than two seconds. Thread-safe. */
public final class GatewayChecks {

    private final Jobs jobs;
    private final BrokerProbe brokers;
    private final StoreProbe store;
    private final SystemNotices notices;
    private final ApplicationAvailability availability;

    public GatewayChecks(
            Jobs jobs,
            BrokerProbe brokers,
            StoreProbe store,
            SystemNotices notices,
            ApplicationAvailability availability) {
        this.jobs = jobs;
        this.brokers = brokers;
        this.store = store;
        this.notices = notices;
        this.availability = availability;
    }

    /** Runs the checks. Never fails. */
    Mono<Result> run() {
        return Mono.zip(brokers.reachable(), store.failure(), this::result);
    }

    private Result result(boolean brokersAnswer, Optional<ObjectStoreFailed> storeFailure) {
        var needed = new LinkedHashMap<String, Boolean>();
        needed.put("view", jobs.ready());
        needed.put("broker", brokersAnswer);
        needed.put("disk", !notices.isDiskLow());
        needed.put("accepting", availability.getReadinessState() == ReadinessState.ACCEPTING_TRAFFIC);
        return new Result(needed, storeFailure.map(ObjectStoreFailed::publicMessage), notices.current());
    }

    /**
     * The result of the checks.
     *
     * @param needed whether each part works without which no job can be accepted
     * @param storeFailure why images can be neither stored nor fetched; empty if they can
     * @param notices what is wrong with the system, in sentences
     */
    record Result(Map<String, Boolean> needed, Optional<String> storeFailure, List<String> notices) {

        /** Whether jobs are accepted. */
        boolean ready() {
            return !needed.containsValue(false);
        }

        /** All checks by name. */
        Map<String, Boolean> checks() {
            var all = new LinkedHashMap<>(needed);
            all.put("object_store", storeFailure.isEmpty());
            return all;
        }

        /** What is wrong although jobs are accepted. */
        List<String> warnings() {
            return storeFailure.stream().toList();
        }
    }
}
