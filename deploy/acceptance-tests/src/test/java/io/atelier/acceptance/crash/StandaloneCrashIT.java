package io.atelier.acceptance.crash;

import io.atelier.acceptance.crash.plan.DeploymentShape;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/** Crash tests of a standalone system: one JVM is killed, stopped, out of disk space or has a wrong clock, and restarts from its folder. */
@Tag("crash")
class StandaloneCrashIT {

    @TestFactory
    Stream<DynamicTest> noJobIsLostDuplicatedOrMisreported() {
        return CrashTestRun.of(DeploymentShape.STANDALONE);
    }
}
