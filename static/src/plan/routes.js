// How a link runs from bar to bar: straight pieces with round corners, never through a bar's text.
const STUB = 8;
const ROUND = 4;

/**
 * Points of a link. `from` and `to` are {left, right, middle, top, bottom}; type is FS, SS, FF or SF;
 * `gutter` is the line between two rows beside the first bar, in the direction of the second.
 */
export function routeOf(type, from, to, gutter) {
  const leavesRight = type[0] === "F";
  const entersLeft = type[1] === "S";
  const start = leavesRight ? from.right : from.left;
  const end = entersLeft ? to.left : to.right;
  const goesDown = to.middle >= from.middle;
  if (type === "FS" && end >= start + 2) {
    const into = Math.min(end + 5, to.right);
    return [[start, from.middle], [into, from.middle], [into, goesDown ? to.top : to.bottom]];
  }
  const out = start + (leavesRight ? STUB : -STUB);
  const before = end + (entersLeft ? -STUB - 2 : STUB + 2);
  if (leavesRight === !entersLeft) {
    const side = leavesRight ? Math.max(out, before) : Math.min(out, before);
    return [[start, from.middle], [side, from.middle], [side, to.middle], [end, to.middle]];
  }
  return [[start, from.middle], [out, from.middle], [out, gutter], [before, gutter], [before, to.middle], [end, to.middle]];
}

/** The path of SVG through points, its corners round. */
export function pathOf(points) {
  const [first, ...rest] = points;
  let path = `M${first[0]} ${first[1]}`;
  rest.forEach((point, index) => {
    const next = rest[index + 1];
    const before = index ? rest[index - 1] : first;
    if (!next) path += `L${point[0]} ${point[1]}`;
    else path += corner(before, point, next);
  });
  return path;
}

function corner(before, point, next) {
  const a = toward(point, before);
  const b = toward(point, next);
  return `L${a[0]} ${a[1]}Q${point[0]} ${point[1]} ${b[0]} ${b[1]}`;
}

function toward(point, other) {
  const [dx, dy] = [other[0] - point[0], other[1] - point[1]];
  const long = Math.hypot(dx, dy);
  if (!long) return point;
  const step = Math.min(ROUND, long / 2) / long;
  return [point[0] + dx * step, point[1] + dy * step];
}

/** The head of the arrow as a path, in the direction of the last piece. */
export function headOf(points) {
  const [end, before] = [points[points.length - 1], points[points.length - 2]];
  const isUpright = Math.abs(end[0] - before[0]) < 0.01;
  const way = Math.sign(isUpright ? end[1] - before[1] : end[0] - before[0]) || 1;
  const [x, y] = end;
  return isUpright ? `M${x} ${y}l-3.5 ${-5 * way}h7z` : `M${x} ${y}l${-5 * way} -3.5v7z`;
}
