import java.io.PrintStream;
import java.util.Locale;
import org.HdrHistogram.EncodableHistogram;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogReader;
import org.HdrHistogram.HistogramLogWriter;

/** Prints the statistics of each histogram of a log as JSON, and writes the histograms to another log. */
public final class LogStatistics {
    private LogStatistics() {
    }

    public static void main(String[] args) throws Exception {
        HistogramLogReader reader = new HistogramLogReader(args[0]);
        try (PrintStream output = new PrintStream(args[1])) {
            HistogramLogWriter writer = new HistogramLogWriter(output);
            writer.outputLogFormatVersion();
            writer.outputLegend();
            System.out.println("[");
            int interval = 0;
            EncodableHistogram next;
            while ((next = reader.nextIntervalHistogram()) != null) {
                Histogram histogram = (Histogram) next;
                print(interval++, histogram);
                writer.outputIntervalHistogram(histogram);
            }
            System.out.println("]");
        }
    }

    private static void print(int interval, Histogram histogram) {
        String tag = histogram.getTag() == null ? "" : histogram.getTag();
        System.out.printf(Locale.ROOT, "%s{\"interval\":%d,\"digits\":%d,\"tag\":\"%s\",\"total\":%d,",
            interval == 0 ? "" : ",", interval, histogram.getNumberOfSignificantValueDigits(), tag,
            histogram.getTotalCount());
        System.out.printf(Locale.ROOT, "\"min\":%d,\"max\":%d,\"mean\":%.6f,\"stddev\":%.6f,",
            histogram.getMinValue(), histogram.getMaxValue(), histogram.getMean(), histogram.getStdDeviation());
        System.out.printf(Locale.ROOT, "\"p50\":%d,\"p90\":%d,\"p99\":%d,\"p99_9\":%d,\"p99_99\":%d}%n",
            histogram.getValueAtPercentile(50), histogram.getValueAtPercentile(90),
            histogram.getValueAtPercentile(99), histogram.getValueAtPercentile(99.9),
            histogram.getValueAtPercentile(99.99));
    }
}
