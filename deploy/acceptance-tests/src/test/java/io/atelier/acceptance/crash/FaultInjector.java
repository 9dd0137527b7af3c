package io.atelier.acceptance.crash;

import io.atelier.acceptance.crash.fault.ShiftedClock;
import io.atelier.acceptance.crash.fault.StoreProxy.StoreBehaviour;
import io.atelier.acceptance.crash.fault.WriteLimit;
import io.atelier.acceptance.crash.plan.FaultRound;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Injects the fault of a round into the system, and removes it again. */
final class FaultInjector {

    /** Less than the smallest image, so that none can be written. */
    private static final long MAX_FILE_BYTES = 64;

    private static final byte[] PROBE = new byte[8192];

    private final SystemUnderTest system;
    private final FaultRound round;
    private final Optional<ShiftedClock> clock;
    private final List<String> findings = new ArrayList<>();

    FaultInjector(SystemUnderTest system, FaultRound round, Optional<ShiftedClock> clock) {
        this.system = system;
        this.round = round;
        this.clock = clock;
    }

    /** Prepares the victim before jobs are submitted. */
    void prepare(String victim) {
        clock.ifPresent(shifted -> restart(victim, shifted.environment()));
    }

    /**
     * Injects the fault, keeps it for its duration, removes it, and waits until the system is ready.
     *
     * @param onInjected called as soon as the fault is injected
     */
    void run(String victim, Runnable onInjected) throws InterruptedException {
        switch (round.fault()) {
            case KILL, OUTAGE -> {
                system.process(victim).kill();
                onInjected.run();
                pause(round.duration());
                system.start(victim, Map.of());
            }
            case FREEZE, SUSPEND -> {
                system.process(victim).freeze();
                onInjected.run();
                pause(round.duration());
                system.process(victim).thaw();
            }
            case SLOW_STORE -> changeStore(StoreBehaviour.SLOW, onInjected);
            case FAILING_STORE -> changeStore(StoreBehaviour.FAILING, onInjected);
            case DISK_FULL -> fillDisk(victim, onInjected);
            case CLOCK_JUMP -> shiftClock(victim, onInjected);
        }
        system.awaitReady();
    }

    /** Restores the victim when all jobs of the round have ended. */
    void cleanUp(String victim) {
        clock.ifPresent(shifted -> restart(victim, Map.of()));
    }

    /** Violations found while the fault was active. */
    List<String> findings() {
        return List.copyOf(findings);
    }

    private void restart(String victim, Map<String, String> environment) {
        system.process(victim).close();
        system.start(victim, environment);
        system.awaitReady();
    }

    private void changeStore(StoreBehaviour behaviour, Runnable onInjected) throws InterruptedException {
        int before = system.proxy().faults();
        system.proxy().setBehaviour(behaviour);
        onInjected.run();
        pause(round.duration());
        system.proxy().setBehaviour(StoreBehaviour.NORMAL);
        if (system.proxy().faults() == before) {
            findings.add("no request was affected by " + round.fault());
        }
    }

    private void fillDisk(String victim, Runnable onInjected) throws InterruptedException {
        var process = system.process(victim);
        WriteLimit.set(process.pid(), MAX_FILE_BYTES);
        onInjected.run();
        if (system.store().accepts("probes/full-" + round.number() + ".bin", PROBE)) {
            findings.add("the store accepted an object although its disk is full");
        }
        pause(round.duration());
        WriteLimit.lift(process.pid());
        if (!process.isAlive()) {
            // A broker on a full disk ends itself, and its supervisor restarts it.
            system.start(victim, Map.of());
        }
        system.awaitReady();
        if (!system.store().accepts("probes/free-" + round.number() + ".bin", PROBE)) {
            findings.add("the store accepts no object although its disk is free again");
        }
    }

    private void shiftClock(String victim, Runnable onInjected) throws InterruptedException {
        var shifted = clock.orElseThrow();
        int before = system.restarts(victim);
        onInjected.run();
        for (var by : List.of(round.clockShift(), round.clockShift().negated(), Duration.ZERO)) {
            shifted.shift(by);
            pause(round.duration().dividedBy(2));
        }
        if (system.restarts(victim) == before) {
            findings.add("the clock was set back, but the process did not restart");
        }
    }

    private static void pause(Duration time) throws InterruptedException {
        TimeUnit.MILLISECONDS.sleep(time.toMillis());
    }
}
