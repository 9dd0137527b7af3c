package io.atelier.generator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationContextException;

/** A worker whose HTTP port is in use. Not beside another worker: Reactor Netty's threads end when any context closes. */
@ExtendWith(OutputCaptureExtension.class)
class PortInUseIT {

    @TempDir
    private Path folder;

    @Test
    void aPortInUseIsReportedWithItsVariable(CapturedOutput output) throws IOException {
        try (var servers = EmbeddedServers.start(folder);
                var other = new ServerSocket(0, 1, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}))) {
            int port = other.getLocalPort();
            var arguments = Arrays.stream(servers.settings())
                    .map(setting -> setting.equals("--ATELIER_HTTP_PORT=0") ? "--ATELIER_HTTP_PORT=" + port : setting)
                    .toArray(String[]::new);

            assertThatThrownBy(() -> GeneratorApplication.application().run(arguments))
                    .isInstanceOf(ApplicationContextException.class);

            assertThat(output.getAll())
                    .contains(
                            "Port " + port
                                    + " is in use by another process. Stop that process, or set ATELIER_HTTP_PORT to another port.")
                    .doesNotContain("APPLICATION FAILED TO START");
        }
    }
}
