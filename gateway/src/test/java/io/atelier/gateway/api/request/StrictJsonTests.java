package io.atelier.gateway.api.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.atelier.gateway.api.problem.Problem;
import io.atelier.gateway.api.problem.ProblemKind;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class StrictJsonTests {

    /** A text, the line and column that the problem names, and what it says. */
    static Stream<Arguments> faults() {
        return Stream.of(
                arguments("{\"a\": // x\n1}", "Line 1, column 7: '/' is not allowed here: JSON has no comments"),
                arguments("{\"a\":\n # x\n1}", "Line 2, column 2: '#' is not allowed here: JSON has no comments"),
                arguments("{\"a\":1,\"a\":2}", "Line 1, column 11: The name 'a' comes twice"),
                arguments("{\"a\":NaN}", "'NaN' is no value of JSON"),
                arguments("{\"a\":-Infinity}", "'-Infinity' is no value of JSON"),
                arguments("{\"a\":True}", "Line 1, column 6: 'True' is no value of JSON"),
                arguments("{'a':1}", "Line 1, column 2: Names and texts stand in double quotes"),
                arguments("{\"a\":\u201cx\u201d}", "Names and texts stand in double quotes"),
                arguments("{a:1}", "A name in double quotes must be here"),
                arguments("{\"a\":1,}", "a comma too many or a value too few before '}'"),
                arguments("[1,]", "a comma too many or a value too few before ']'"),
                arguments("{\"a\":}", "a comma too many or a value too few before '}'"),
                arguments("{\"a\" 1}", "there must be a colon"),
                arguments("{\"a\":1 \"b\":2}", "there must be a comma or '}'"),
                arguments("[1 2]", "there must be a comma or ']'"),
                arguments("{\"a\":[1}", "'}' closes nothing that is open here"),
                arguments("{\"a\":1}}", "'}' closes nothing that is open here"),
                arguments("{\"a\":01}", "This is no number of JSON"),
                arguments("{\"a\":+1}", "This is no number of JSON"),
                arguments("{\"a\":1.}", "This is no number of JSON"),
                arguments("{\"a\":-}", "This is no number of JSON"),
                arguments("{\"a\":1e}", "This is no number of JSON"),
                arguments("{\"a\":.5}", "'.' begins no value"),
                arguments("{\"a\":\"x\ny\"}", "A text has a line break"),
                arguments("{\"a\":\"\\x\"}", "A backslash in a text"),
                arguments("{\"a\":\"\\u12g4\"}", "four hexadecimal digits"),
                arguments("{\"a\":\0}", "A control character is outside of a text"),
                arguments("{\"a\":\ud83d\ude00}", "'?' begins no value"),
                arguments("{\"\\ud800\":1,\"\\ud800\":2}", "The name '?' comes twice"),
                arguments("{\"a\":\"x", "The body ends in the middle of a value"),
                arguments("{\"a\":1}{}", "Something follows the value"),
                arguments("[".repeat(33), "Line 1, column 34: Objects and lists are nested more than 32 levels deep"),
                arguments("{\"a\":" + "1".repeat(1_001) + "}", "A number has more than 1000 characters"),
                arguments("{\"" + "n".repeat(50_001) + "\":1}", "The name of a field is too long"),
                arguments("{\"a\":1e99999999999}", "A number has an exponent that is too large"));
    }

    @ParameterizedTest
    @MethodSource("faults")
    void faultIsSaidInPlainWordsWithItsPlace(String text, String words) {
        var problem = Objects.requireNonNull(
                catchThrowableOfType(Problem.class, () -> StrictJson.parse(text.getBytes(StandardCharsets.UTF_8))));

        assertThat(problem.kind()).isEqualTo(ProblemKind.INVALID_JSON);
        assertThat(problem.detail())
                .contains(words)
                .startsWith("Line ")
                .doesNotContain("Feature", "token", "(code", "JSON String", "Object property", "non-standard");
    }
}
