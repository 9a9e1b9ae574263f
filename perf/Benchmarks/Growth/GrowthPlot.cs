using System.Globalization;
using System.Text;

namespace ExecutionPipeline.Benchmarks.Growth;

/// <summary>
/// Draws latencies against sizes as SVG, a panel for each kind: sizes at equal distances, latencies from 0 on one scale
/// for all panels, so that what does not grow is level.
/// </summary>
internal static class GrowthPlot
{
    private const int Columns = 3;
    private const int PanelWidth = 260;
    private const int PanelHeight = 190;
    private const int Left = 46;
    private const int Right = 14;
    private const int Top = 34;
    private const int Bottom = 26;
    private const int Lines = 4;

    private static readonly (string Name, string Colour, Func<GrowthPoint, double> Of)[] Curves =
    [
        ("p50", "#1f6feb", static point => point.P50Ns),
        ("p99", "#bf5b04", static point => point.P99Ns),
    ];

    /// <summary>The whole file.</summary>
    public static string Draw(IReadOnlyList<GrowthFigures> figures)
    {
        var most = figures.SelectMany(static one => one.Points).Max(static point => point.P99Ns);
        var step = StepOf(most / Lines);
        var rows = (figures.Count + Columns - 1) / Columns;
        var svg = new StringBuilder();
        Add(svg, $"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{Columns * PanelWidth}\"");
        Add(svg, $" height=\"{rows * PanelHeight}\" font-family=\"sans-serif\" font-size=\"11\" fill=\"#333\">\n");
        Add(svg, $"<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n");
        foreach (var (i, one) in figures.Index())
        {
            Add(svg, $"<g transform=\"translate({i % Columns * PanelWidth},{i / Columns * PanelHeight})\">\n");
            DrawPanel(svg, one, step);
            Add(svg, $"</g>\n");
        }

        return svg.Append("</svg>\n").ToString();
    }

    private static void DrawPanel(StringBuilder svg, GrowthFigures figures, double step)
    {
        const int width = PanelWidth - Left - Right;
        const int height = PanelHeight - Top - Bottom;
        Add(svg, $"<text x=\"{Left}\" y=\"16\" font-weight=\"bold\">{figures.Name}</text>\n");
        foreach (var (i, curve) in Curves.Index())
            Add(svg, $"<text x=\"{Left + 130 + 34 * i}\" y=\"16\" fill=\"{curve.Colour}\">{curve.Name}</text>\n");
        for (var line = 0; line <= Lines; line++)
        {
            var y = Y(line * step);
            Add(svg, $"<line x1=\"{Left}\" y1=\"{y:0.#}\" x2=\"{Left + width}\" y2=\"{y:0.#}\" stroke=\"#ddd\"/>\n");
            Add(svg, $"<text x=\"{Left - 5}\" y=\"{y + 4:0.#}\" text-anchor=\"end\">");
            Add(svg, $"{line * step / 1e3:0.##} us</text>\n");
        }

        foreach (var (i, point) in figures.Points.Index())
        {
            Add(svg, $"<text x=\"{X(i):0.#}\" y=\"{PanelHeight - 9}\" text-anchor=\"middle\">");
            Add(svg, $"{Short(point.Size).ToString(CultureInfo.InvariantCulture)}</text>\n");
        }

        foreach (var curve in Curves)
        {
            var points = figures.Points.Index().Select(
                one => string.Create(
                    CultureInfo.InvariantCulture, $"{X(one.Index):0.#},{Y(curve.Of(one.Item)):0.#}")).ToArray();
            Add(svg, $"<polyline fill=\"none\" stroke=\"{curve.Colour}\" stroke-width=\"2\"");
            Add(svg, $" points=\"{string.Join(' ', points)}\"/>\n");
            foreach (var (i, point) in figures.Points.Index())
            {
                Add(svg, $"<circle cx=\"{X(i):0.#}\" cy=\"{Y(curve.Of(point)):0.#}\" r=\"3\"");
                Add(svg, $" fill=\"{curve.Colour}\"/>\n");
            }
        }

        double X(int index) => Left + width * (index + 0.5) / figures.Points.Count;

        double Y(double ns) => Top + height * (1 - ns / (Lines * step));
    }

    /// <summary>The next of 1, 2 and 5 times a power of ten.</summary>
    private static double StepOf(double least)
    {
        var power = Math.Pow(10, Math.Floor(Math.Log10(least)));
        return ((double[])[1, 2, 5, 10]).First(factor => factor * power >= least) * power;
    }

    private static FormattableString Short(int size) => size switch
    {
        >= 1_000_000 => $"{size / 1e6:0.#}M",
        >= 1_000 => $"{size / 1e3:0.#}k",
        _ => $"{size}",
    };

    private static void Add(StringBuilder svg, FormattableString text) =>
        svg.Append(text.ToString(CultureInfo.InvariantCulture));
}
