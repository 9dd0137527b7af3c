package io.atelier.gateway;

import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.springframework.boot.test.system.CapturedOutput;

/** The log of a test's gateway. */
final class GatewayLog {

    private static final Pattern CLIENT = Pattern.compile("HttpClientCodec|HttpContentDecoder");

    private GatewayLog() {}

    /**
     * What was written, without Netty's reports of buffers of the test's client: tests leave bodies of responses unread, which is reported some time
     * later, in another test. Only the client has these decoders.
     */
    static String of(CapturedOutput output) {
        return output.getAll()
                .lines()
                .filter(line -> !line.contains("ResourceLeakDetector")
                        || !CLIENT.matcher(line).find())
                .collect(Collectors.joining("\n"));
    }
}
