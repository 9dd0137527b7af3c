package io.atelier.acceptance.crash;

import io.atelier.acceptance.crash.plan.DeploymentShape;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/** Crash tests of a system in several processes: one of them fails while the others continue. */
@Tag("crash")
class SeveralProcessesCrashIT {

    @TestFactory
    Stream<DynamicTest> noJobIsLostDuplicatedOrMisreported() {
        return CrashTestRun.of(DeploymentShape.SEVERAL);
    }
}
