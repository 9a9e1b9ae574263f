namespace ExecutionPipeline.Stages.Inference.Compiled;

/// <summary>Lays out a plan's memory and gathers its steps.</summary>
internal sealed class PlanBuilder
{
    /// <summary>Floats in a cache line and in the widest register: everything begins on such a boundary.</summary>
    private const int Alignment = 16;

    private readonly List<float> _floats = [];
    private readonly List<ulong> _masks = [];
    private readonly List<(int Level, int Strand, PlanStep Step)> _steps = [];
    private readonly int _lanes;
    private readonly LaneWidth _width;
    private int _strands;

    public PlanBuilder(LaneWidth width)
    {
        _width = width;
        _lanes = (int)width / (8 * sizeof(float));
    }

    /// <summary>A value that nothing computes: the plan's input.</summary>
    public PlanValue AddInput(int count) => NewValue(count, 0, 0);

    /// <summary>Constants; behind them <paramref name="padding"/>.</summary>
    public int AddConstants(ReadOnlySpan<float> values, float padding = 0f)
    {
        var offset = _floats.Count;
        _floats.AddRange(values);
        while (_floats.Count % Alignment != 0) _floats.Add(padding);
        return offset;
    }

    /// <summary>Adds a step that computes a value.</summary>
    /// <param name="count">The value's floats.</param>
    /// <param name="sources">What it is made from.</param>
    /// <param name="step">Makes the step.</param>
    public PlanValue Add(int count, ReadOnlySpan<PlanValue> sources, Func<PlanValue, PlanStep> step)
    {
        int level = 0, strand = 0;
        foreach (var source in sources)
        {
            level = Math.Max(level, source.Level);
            strand = Math.Max(strand, source.Strand);
        }

        var value = NewValue(count, level + 1, strand);
        AddPart(value, step(value));
        return value;
    }

    /// <summary>Adds a step that computes a part of a value that is there already.</summary>
    public void AddPart(PlanValue value, PlanStep step) => _steps.Add((value.Level, value.Strand, step));

    /// <summary>Adds the step that finds an input's mean and scale.</summary>
    public PlanValue AddMoments(PlanValue input, float epsilon) =>
        Add(MomentsStep.Count, [input], output => CreateMoments(input, output, epsilon));

    /// <summary>Adds a linear layer.</summary>
    /// <param name="input">What it multiplies.</param>
    /// <param name="moments">What the input is normalised by; null: it is taken as it is.</param>
    /// <param name="weights">Its constants.</param>
    public PlanValue AddDense(PlanValue input, PlanValue? moments, DenseWeights weights)
    {
        // A network begins where it first weighs the input.
        var source = input.Strand == 0 ? input with { Strand = ++_strands } : moments ?? input;
        // Pairs are of registers, so there must be an even number.
        var areBfloat16 = RoundUp(weights.Columns) / _lanes % 2 == 0 && weights.AreBfloat16;
        return Add(weights.Columns, [source], output => CreateDense(new DenseLayout
        {
            Input = input.Offset,
            InputCount = input.Count,
            InputMask = input.Mask,
            PaddedColumns = RoundUp(weights.Columns),
            Weights = AddTiles(weights, areBfloat16),
            AreBfloat16 = areBfloat16,
            Bias = AddConstants(weights.Bias),
            ColumnSums = AddConstants(weights.ColumnSums),
            Output = output.Offset,
            OutputMask = output.Mask,
            IsRectified = weights.IsRectified,
            IsNormalized = moments is not null,
            Moments = moments?.Offset ?? 0,
        }));
    }

    /// <summary>The steps with their memory.</summary>
    public Plan Build(PlanValue input, PlanValue[] outputs)
    {
        var steps = _width == LaneWidth.Bits512 ? InTrios() : InTurns();
        return new Plan([.. steps], _floats, _masks, input, outputs);
    }

    /// <summary>
    /// Each network runs a level behind the one before it, so that neighbouring steps are of different ones and a
    /// processor has weights to load while it waits for a layer's end.
    /// </summary>
    private IEnumerable<PlanStep> InTurns() =>
        _steps.OrderBy(static s => s.Level + s.Strand).Select(static s => s.Step);

    /// <summary>All networks run level by level: in the widest registers their layers are narrow.</summary>
    private IEnumerable<PlanStep> InTrios()
    {
        foreach (var level in _steps.GroupBy(static s => s.Level).OrderBy(static level => level.Key))
        {
            var layers = level.OrderBy(static s => s.Strand)
                .Select(static s => s.Step.Layer).OfType<DenseLayout>().ToArray();
            var trio = layers.Length == 3 ? CreateTrio(layers) : null;
            if (trio is not null)
                yield return trio;
            foreach (var planned in level.Where(s => trio is null || s.Step.Layer is null))
                yield return planned.Step;
        }
    }

    /// <summary>Floats up to the next boundary.</summary>
    public static int RoundUp(int count) => (count + Alignment - 1) / Alignment * Alignment;

    // Every element counts as one that may not be 0, until a step says otherwise.
    private PlanValue NewValue(int count, int level, int strand)
    {
        var offset = AddConstants(new float[count]);
        var mask = _masks.Count;
        for (var left = count; left > 0; left -= DenseTiles.MaskBits)
        {
            _masks.Add(left >= DenseTiles.MaskBits ? ulong.MaxValue : (1UL << left) - 1);
        }

        return new PlanValue(offset, count, mask, level, strand);
    }

    private int AddTiles(DenseWeights weights, bool areBfloat16)
    {
        var offset = _floats.Count;
        for (int column = 0, left = RoundUp(weights.Columns) / _lanes; left > 0;)
        {
            var tile = DenseTiles.WidthOf(left);
            for (var row = 0; row < weights.Rows; row++) AddRow(weights, row, column, tile, areBfloat16);
            column += tile * _lanes;
            left -= tile;
        }

        AddConstants([]);
        return offset;
    }

    private void AddRow(DenseWeights weights, int row, int firstColumn, int tile, bool areBfloat16)
    {
        float At(int column) => column < weights.Columns ? weights.Values[row * weights.Columns + column] : 0f;
        for (var register = 0; register < tile; register += areBfloat16 ? 2 : 1)
        {
            for (var lane = 0; lane < _lanes; lane++)
            {
                var column = firstColumn + register * _lanes + lane;
                _floats.Add(areBfloat16 ? Bfloat16.Pair(At(column), At(column + _lanes)) : At(column));
            }
        }
    }

    private PlanStep CreateMoments(PlanValue input, PlanValue output, float epsilon) => _width switch
    {
        LaneWidth.Bits512 => new MomentsStep<Lanes512>(input, output, epsilon),
        LaneWidth.Bits256 => new MomentsStep<Lanes256>(input, output, epsilon),
        _ => new MomentsStep<Lanes128>(input, output, epsilon),
    };

    private PlanStep CreateDense(DenseLayout layout) =>
        layout.AreBfloat16 ? CreateDense<PairedBfloat16>(layout) : CreateDense<Float32Weights>(layout);

    private PlanStep CreateDense<TWeights>(DenseLayout layout)
        where TWeights : struct, IWeights => _width switch
        {
            LaneWidth.Bits512 => new DenseStep<Lanes512, TWeights>(layout),
            LaneWidth.Bits256 => new DenseStep<Lanes256, TWeights>(layout),
            _ => new DenseStep<Lanes128, TWeights>(layout),
        };

    private PlanStep? CreateTrio(DenseLayout[] layouts) =>
        layouts.Any(one => one.AreBfloat16 != layouts[0].AreBfloat16) ? null
        : layouts[0].AreBfloat16 ? CreateTrio<PairedBfloat16>(layouts) : CreateTrio<Float32Weights>(layouts);

    /// <summary>Null: there is none for layers of these widths.</summary>
    private PlanStep? CreateTrio<TWeights>(DenseLayout[] layouts)
        where TWeights : struct, IWeights =>
        Array.ConvertAll(layouts, one => one.PaddedColumns / _lanes) switch
        {
            [1, 1, 1] => CreateTrio<Tile1<Lanes512, TWeights>, Tile1<Lanes512, TWeights>>(layouts),
            [2, 2, 2] => CreateTrio<Tile2<Lanes512, TWeights>, Tile2<Lanes512, TWeights>>(layouts),
            [2, 2, 4] => CreateTrio<Tile2<Lanes512, TWeights>, Tile4<Lanes512, TWeights>>(layouts),
            [4, 4, 4] => CreateTrio<Tile4<Lanes512, TWeights>, Tile4<Lanes512, TWeights>>(layouts),
            _ => null,
        };

    private static DenseTrio<Lanes512, TTwo, TThird> CreateTrio<TTwo, TThird>(DenseLayout[] layouts)
        where TTwo : struct, ITile<Lanes512>
        where TThird : struct, ITile<Lanes512> => new(layouts);
}
