package io.atelier.messaging.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.BindException;
import java.net.SocketException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.web.server.PortInUseException;
import org.springframework.boot.web.server.WebServerException;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.env.MapPropertySource;

@ExtendWith(OutputCaptureExtension.class)
class ListenFailureReporterTests {

    private final GenericApplicationContext context = new GenericApplicationContext();
    private final ListenFailureReporter reporter = new ListenFailureReporter(context);

    ListenFailureReporterTests() {
        context.getEnvironment()
                .getPropertySources()
                .addFirst(new MapPropertySource(
                        "service.yml",
                        Map.of(
                                "server.port",
                                "${ATELIER_HTTP_PORT:8081}",
                                "io.atelier.faces.intel.port",
                                "${ATELIER_INTEL_PORT:off}",
                                "server.address",
                                "${ATELIER_BIND:10.9.9.9}")));
    }

    @Test
    void aPortInUseNamesItsVariable(CapturedOutput output) {
        assertThat(report(new PortInUseException(8081, new BindException("Address already in use"))))
                .isTrue();

        assertThat(output)
                .contains("Port 8081 is in use by another process."
                        + " Stop that process, or set ATELIER_HTTP_PORT to another port.");
    }

    @Test
    void portOfAnotherListenerNamesItsOwnVariable(CapturedOutput output) {
        var failure = new PortInUseException(8100, new BindException("Address already in use"));

        assertThat(report(new ListenerFailed("io.atelier.faces.intel.port", 8100, failure)))
                .isTrue();

        assertThat(output)
                .contains("Port 8100 is in use by another process."
                        + " Stop that process, or set ATELIER_INTEL_PORT to another port.");
    }

    @Test
    void anAddressOfAnotherMachineIsNoPortInUse(CapturedOutput output) {
        assertThat(report(new PortInUseException(8081, new BindException("Cannot assign requested address"))))
                .isTrue();

        assertThat(output).contains("ATELIER_BIND is '10.9.9.9'; it must be an address of this machine");
    }

    @Test
    void aPortThatNeedsRightsNamesItsVariable(CapturedOutput output) {
        assertThat(report(new WebServerException("Unable to start", new SocketException("Permission denied"))))
                .isTrue();

        assertThat(output).contains("This user may not listen at port 8081. Set ATELIER_HTTP_PORT to a port from 1024");
    }

    @Test
    void otherFailuresAreLeftToOthers() {
        assertThat(report(new IllegalStateException("Permission denied"))).isFalse();
        assertThat(new ListenFailureReporter(null).reportException(new PortInUseException(8081)))
                .isFalse();
    }

    private boolean report(RuntimeException failure) {
        return reporter.reportException(new IllegalStateException("Failed to start bean", failure));
    }
}
